#pragma once

#include "domain/time.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace tongbao::testing {

/// What a command left behind.
struct CommandResult {
    int exit_code = -1;
    std::string output;  ///< standard output and standard error
};

/// The option ` -attime …` by which the openssl command checks certificates as of `time`.
[[nodiscard]] std::string attime_option(UtcTime time);

/// A directory of one test under the build tree, empty at first and removed at the end.
class TestDirectory {
public:
    /// `name` must be the test's own: tests run at once.
    explicit TestDirectory(std::string_view name);
    TestDirectory(const TestDirectory&) = delete;
    TestDirectory& operator=(const TestDirectory&) = delete;
    ~TestDirectory();

    [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }
    /// Writes a file. Throws std::runtime_error if it can't.
    void write(std::string_view name, std::string_view contents) const;
    [[nodiscard]] std::string read(std::string_view name) const;
    /// Runs a shell command in this directory and waits for its end.
    [[nodiscard]] CommandResult run(const std::string& command) const;

private:
    std::filesystem::path path_;
};

}  // namespace tongbao::testing
