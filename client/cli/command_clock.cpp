#include "client/cli/command_clock.hpp"

#include "client/cli/configuration.hpp"
#include "client/cli/reason_failure.hpp"
#include "program/test_clock.hpp"
#include "transport/system_clock.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>

namespace tongbao::client {

Attempt<std::unique_ptr<Clock>> command_clock(const Invocation& invocation) {
    std::string words;
    const Result<std::optional<std::filesystem::path>> file = clock_file(invocation, words);
    if (!file) return usage_failure(words);
    if (!*file) return std::unique_ptr<Clock>(std::make_unique<transport::SystemClock>());
    Checked<std::unique_ptr<program::TestClock>> clock = program::TestClock::open(**file);
    if (!clock) return usage_failure(reason_lines({clock.error()}));
    return std::unique_ptr<Clock>(*std::move(clock));
}

}  // namespace tongbao::client
