#pragma once

#include "tests/integration/live_sandbox.hpp"

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace tongbao::bench {

/// The kind that is sent: one text field, no attachment, no case, no reply.
inline constexpr const char* kKind = "agenda_item";

/// A hub and eight units' daemons as processes of their own. The charter is Guangdong's with one
/// unit more, and everybody may send an `agenda_item` to everybody, so that seven can send to one
/// and one to seven. Throws std::runtime_error if they don't start.
class Stage {
public:
    Stage();

    [[nodiscard]] const testing::LiveSandbox& sandbox() const { return sandbox_; }
    [[nodiscard]] const testing::Json& file() const { return file_; }
    [[nodiscard]] pid_t hub() const;
    [[nodiscard]] pid_t daemon(const std::string& unit) const;
    [[nodiscard]] std::string socket(const std::string& unit) const;

private:
    testing::LiveSandbox sandbox_;
    testing::Json file_;
};

/// The one unit of the rows with one sender or recipient, and the seven others.
inline constexpr const char* kOne = "office";
[[nodiscard]] const std::vector<std::string>& seven_others();

}  // namespace tongbao::bench
