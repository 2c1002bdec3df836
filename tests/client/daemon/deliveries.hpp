#pragma once

#include "client/daemon/batch_check.hpp"
#include "client/daemon/log_follower.hpp"
#include "tests/hub/hub_parts.hpp"

#include <set>
#include <string>
#include <string_view>

namespace tongbao::testing {

/// The head that the hub shows to one who knows the log up to `known`.
[[nodiscard]] protocol::HeadUpdate head_after(const HubParts& hub, TreeSize known);

/// A head that the log's key signed, for whatever log.
[[nodiscard]] std::string signed_head(const HubParts& hub, TreeSize size, const Digest& root);

/// The delivery of the batch that begins at `batch`, as the hub makes it under its newest head;
/// leaves at the positions in `hidden` and their entries are other units'.
[[nodiscard]] protocol::Delivery delivery_of(const HubParts& hub, LogIndex batch,
                                             const std::set<std::size_t>& hidden = {});

/// A daemon that has followed the log to its newest head and has the whole register.
[[nodiscard]] client::LogFollower follower_of(const HubParts& hub);

/// What dike's daemon says of a delivery: `code place`; empty if it takes it.
[[nodiscard]] std::string verdict_on(const HubParts& hub, const protocol::Delivery& delivery);

}  // namespace tongbao::testing
