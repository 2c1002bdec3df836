#pragma once

#include "client/daemon/discarded_drafts.hpp"
#include "client/daemon/sent_drafts.hpp"

#include <filesystem>
#include <utility>

namespace tongbao::client {

/// What the office's tray is computed from besides what is due: which of its drafts were sent, and
/// which discarded. For the thread of Services::pool.
struct TrayMemory {
    explicit TrayMemory(std::filesystem::path discarded_file)
        : discarded(std::move(discarded_file)) {}

    SentDrafts sent{};
    DiscardedDrafts discarded;
};

}  // namespace tongbao::client
