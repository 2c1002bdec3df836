#include "program/logging.hpp"

#include "domain/bytes.hpp"
#include "domain/time.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <cstdio>

namespace tongbao::program {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
    switch (level) {
        case LogLevel::debug:
            return spdlog::level::debug;
        case LogLevel::info:
            return spdlog::level::info;
        case LogLevel::warning:
            return spdlog::level::warn;
        case LogLevel::error:
            return spdlog::level::err;
    }
    return spdlog::level::info;
}

constexpr std::array<std::pair<LogLevel, std::string_view>, 4> kLevels{{
    {LogLevel::debug, "debug"},
    {LogLevel::info, "info"},
    {LogLevel::warning, "warning"},
    {LogLevel::error, "error"},
}};

std::string_view level_word(LogLevel level) {
    for (const auto& [each, text] : kLevels) {
        if (each == level) return text;
    }
    return "info";
}

/// Whether a code point changes how a terminal shows a line: C1 controls, line separators, the
/// bidirectional formatting characters and the byte order mark.
bool disturbs(char32_t point) {
    return (point >= 0x80 && point < 0xa0) || point == 0x061c ||
           (point >= 0x200e && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

/// The code point of the well-formed sequence `bytes`.
char32_t decode_point(std::string_view bytes) {
    const auto first = static_cast<unsigned char>(bytes.front());
    if (bytes.size() == 1) return first;
    char32_t point = first & (0xffu >> (bytes.size() + 1));
    for (const char byte : bytes.substr(1)) {
        point = point << 6 | (static_cast<unsigned char>(byte) & 0x3fu);
    }
    return point;
}

std::size_t sequence_length(char first) {
    const auto byte = static_cast<unsigned char>(first);
    if (byte < 0x80) return 1;
    if (byte < 0xe0) return 2;
    return byte < 0xf0 ? 3 : 4;
}

void append_escape(std::string& text, char32_t point) {
    std::array<char, 8> buffer{};
    const int length =
        std::snprintf(buffer.data(), buffer.size(), "\\u%04x", static_cast<unsigned>(point));
    text.append(buffer.data(), static_cast<std::size_t>(length));
}

}  // namespace

LogLevel log_level_from(std::string_view word) noexcept {
    for (const auto& [level, text] : kLevels) {
        if (text == word) return level;
    }
    return LogLevel::info;
}

std::string escape_for_log(std::string_view value) {
    if (!is_utf8(value)) return "hex:" + to_hex(as_bytes(value));
    std::string text;
    while (!value.empty()) {
        const std::string_view sequence = value.substr(0, sequence_length(value.front()));
        const char32_t point = decode_point(sequence);
        if (point == '"' || point == '\\') {
            text += '\\';
            text += sequence;
        } else if (point < 0x20 || point == 0x7f || disturbs(point)) {
            append_escape(text, point);
        } else {
            text += sequence;
        }
        value.remove_prefix(sequence.size());
    }
    return text;
}

struct Logging::Sink {
    spdlog::logger logger;
    std::string program;
};

Logging::Logging(std::string_view program, LogLevel least)
    : sink_(new Sink{
          spdlog::logger(std::string(program), std::make_shared<spdlog::sinks::stderr_sink_mt>()),
          std::string(program)}) {
    sink_->logger.set_pattern("%v");
    sink_->logger.set_level(to_spdlog(least));
    sink_->logger.flush_on(spdlog::level::info);
}

Logging::~Logging() = default;

void Logging::write(LogLevel level, std::string_view event,
                    std::initializer_list<LogField> fields) {
    if (!sink_->logger.should_log(to_spdlog(level))) return;
    const auto now =
        std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    std::string line = R"({"time":")" + format_utc(now) + R"(","level":")" +
                       std::string(level_word(level)) + R"(","program":")" + sink_->program +
                       R"(","event":")" + escape_for_log(event) + '"';
    for (const LogField& field : fields) {
        line += ",\"" + escape_for_log(field.name) + "\":\"" + escape_for_log(field.value) + '"';
    }
    sink_->logger.log(to_spdlog(level), line + '}');
}

void Logging::flush() {
    sink_->logger.flush();
}

}  // namespace tongbao::program
