#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace tongbao::program {

enum class LogLevel { debug, info, warning, error };

/// `debug`, `info`, `warning` or `error`; info for anything else.
[[nodiscard]] LogLevel log_level_from(std::string_view word) noexcept;

/// A member of a log line.
struct LogField {
    std::string_view name;
    std::string value;
};

/// The running log of a program: one JSON object a line on standard error, with `time`, `level`,
/// `program`, `event` and the fields given. Values may come from anywhere: quotes, control and
/// bidirectional formatting characters are escaped, what is not UTF-8 is replaced, so that no value
/// can begin a line or change how one reads. Never given contents of notices. Thread-safe.
class Logging {
public:
    Logging(std::string_view program, LogLevel least);
    ~Logging();
    Logging(const Logging&) = delete;
    Logging& operator=(const Logging&) = delete;
    Logging(Logging&&) = delete;
    Logging& operator=(Logging&&) = delete;

    void write(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

    void debug(std::string_view event, std::initializer_list<LogField> fields = {}) {
        write(LogLevel::debug, event, fields);
    }
    void info(std::string_view event, std::initializer_list<LogField> fields = {}) {
        write(LogLevel::info, event, fields);
    }
    void warning(std::string_view event, std::initializer_list<LogField> fields = {}) {
        write(LogLevel::warning, event, fields);
    }
    void error(std::string_view event, std::initializer_list<LogField> fields = {}) {
        write(LogLevel::error, event, fields);
    }

    /// Everything written so far is out: before the process ends on purpose.
    void flush();

private:
    struct Sink;
    std::unique_ptr<Sink> sink_;
};

/// `value` as the inside of a JSON string, escaped as the log escapes it.
[[nodiscard]] std::string escape_for_log(std::string_view value);

}  // namespace tongbao::program
