#pragma once

#include "protocol/charter_json.hpp"
#include "tests/support/project_paths.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
#include <variant>

namespace tongbao::testing {

/// The text of a file below the source directory.
inline std::string read_source_file(const std::string& path) {
    std::ifstream file(tongbao::testing::source_dir() + "/" + path, std::ios::binary);
    REQUIRE(file.good());
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

/// An invented charter, small enough to be broken in every way.
inline constexpr const char* kInventedCharter = "tests/domain/charters/third.json";

inline nlohmann::json charter_text(const std::string& path = kInventedCharter) {
    return nlohmann::json::parse(read_source_file(path));
}

/// A way to break a charter's or a calendar's text, and the fault that is then found.
struct BrokenText {
    std::function<void(nlohmann::json&)> how;
    Errc code;
    std::string place;
};

/// Everything that is wrong with `text`; empty if it loads.
inline Reasons faults_of(const std::string& text) {
    protocol::LoadedCharter loaded = protocol::load_charter(text);
    if (auto* const reasons = std::get_if<Reasons>(&loaded)) return std::move(*reasons);
    return {};
}

inline Charter load(const std::string& path = kInventedCharter) {
    protocol::LoadedCharter loaded = protocol::load_charter(read_source_file(path));
    if (const auto* const reasons = std::get_if<Reasons>(&loaded)) {
        for (const Reason& reason : *reasons) {
            MESSAGE(code(reason.code) << " " << reason.place << ": " << reason.explanation);
        }
    }
    REQUIRE(std::holds_alternative<Charter>(loaded));
    return std::get<Charter>(std::move(loaded));
}

}  // namespace tongbao::testing
