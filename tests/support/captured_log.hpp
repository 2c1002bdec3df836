#pragma once

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>

namespace tongbao::testing {

/// What the process writes to standard error while the object lives: the running log. One object at
/// a time.
class CapturedLog {
public:
    CapturedLog() : before_(::dup(STDERR_FILENO)) {
        const int file = ::mkstemp(path_.data());
        if (before_ < 0 || file < 0 || ::dup2(file, STDERR_FILENO) < 0) {
            throw std::runtime_error("can't capture the running log");
        }
        ::close(file);
    }
    ~CapturedLog() {
        ::dup2(before_, STDERR_FILENO);
        ::close(before_);
        ::unlink(path_.c_str());
    }
    CapturedLog(const CapturedLog&) = delete;
    CapturedLog& operator=(const CapturedLog&) = delete;
    CapturedLog(CapturedLog&&) = delete;
    CapturedLog& operator=(CapturedLog&&) = delete;

    [[nodiscard]] std::string text() const {
        std::ifstream file(path_);
        return (std::ostringstream() << file.rdbuf()).str();
    }
    /// How many lines tell `event`.
    [[nodiscard]] int count(std::string_view event) const {
        const std::string all = text();
        const std::string mark = "\"event\":\"" + std::string(event) + '"';
        int found = 0;
        for (std::size_t at = all.find(mark); at != std::string::npos; at = all.find(mark, at + 1))
            ++found;
        return found;
    }

private:
    std::string path_ = "/tmp/tongbao-log-XXXXXX";
    int before_;
};

}  // namespace tongbao::testing
