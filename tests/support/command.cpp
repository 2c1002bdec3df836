#include "tests/support/command.hpp"

#include "tests/support/project_paths.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace tongbao::testing {

std::string attime_option(UtcTime time) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch();
    return " -attime " + std::to_string(seconds.count());
}

TestDirectory::TestDirectory(std::string_view name)
    : path_(std::filesystem::path(tongbao::testing::binary_dir()) / "test-directories" /
            (std::string(name) + '-' + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
}

TestDirectory::~TestDirectory() {
    std::error_code ignored;  // a directory that stays harms no one
    std::filesystem::remove_all(path_, ignored);
}

void TestDirectory::write(std::string_view name, std::string_view contents) const {
    std::ofstream file(path_ / name, std::ios::binary);
    file << contents;
    if (!file.flush()) throw std::runtime_error("can't write " + std::string(name));
}

std::string TestDirectory::read(std::string_view name) const {
    std::ifstream file(path_ / name, std::ios::binary);
    if (!file) throw std::runtime_error("can't read " + std::string(name));
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

CommandResult TestDirectory::run(const std::string& command) const {
    const std::string line =
        "cd '" + path_.string() + "' && ( " + command + " ) > command-output 2>&1";
    // Tests run commands one after the other, each in a directory of its own.
    const int status = std::system(line.c_str());
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read("command-output")};
}

}  // namespace tongbao::testing
