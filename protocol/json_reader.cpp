#include "protocol/json_reader.hpp"

#include <algorithm>
#include <regex>

namespace tongbao::protocol::reading {
namespace {

constexpr std::size_t kMaxMatched = 255;
constexpr std::size_t kMaxShown = 80;

/// A member's name as a person may be shown it: identifiers as they are, others with everything but
/// ASCII escaped, since a name may hold any text.
std::string shown(std::string_view name) {
    if (parse_identifier(name)) return std::string(name);
    return nlohmann::json(name.substr(0, kMaxShown))
        .dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Members::Members(const Cell& cell) : cell_(cell), is_object_(cell.value.is_object()) {
    if (!is_object_) cell_.fault(Errc::wrong_type, "expected an object");
}

bool Members::has(std::string_view name) const {
    return is_object_ && cell_.value.contains(name);
}

const nlohmann::json* Members::take(std::string_view name) {
    if (!is_object_) return nullptr;
    const auto found = cell_.value.find(name);
    if (found == cell_.value.end()) return nullptr;
    taken_.emplace_back(name);
    return &*found;
}

Cell Members::cell_of(std::string_view name, const nlohmann::json& value) const {
    const std::string separator = cell_.place.empty() ? "" : ".";
    return Cell{value, cell_.place + separator + shown(name), cell_.reasons};
}

void Members::note_missing(std::string_view name) const {
    // Of something that is no object, that alone is said.
    if (is_object_) cell_of(name, cell_.value).fault(Errc::missing_member, "must be there");
}

void Members::finish() const {
    if (!is_object_) return;
    for (const auto& [name, value] : cell_.value.items()) {
        if (std::find(taken_.begin(), taken_.end(), name) != taken_.end()) continue;
        cell_of(name, value).fault(Errc::unknown_member, "is not defined here");
    }
}

std::string text_or_empty(const Cell& cell) {
    if (cell.value.is_string()) return cell.value.get<std::string>();
    cell.fault(Errc::wrong_type, "expected a text");
    return {};
}

std::string text(const Cell& cell) {
    std::string out = text_or_empty(cell);
    if (cell.value.is_string() && out.empty()) {
        cell.fault(Errc::bad_value, "expected a text that is not empty");
    }
    return out;
}

bool flag(const Cell& cell) {
    if (cell.value.is_boolean()) return cell.value.get<bool>();
    cell.fault(Errc::wrong_type, "expected true or false");
    return false;
}

std::string identifier(const Cell& cell) {
    return parsed_by(parse_identifier, "an identifier: a-z, then a-z, 0-9 and _, at most 63")(cell);
}

std::function<std::string(const Cell&)> matching(std::string pattern) {
    return [pattern = std::move(pattern)](const Cell& cell) -> std::string {
        std::string out = text(cell);
        if (out.empty()) return out;
        // std::regex needs stack in proportion to what it reads.
        const bool good = out.size() <= kMaxMatched && std::regex_match(out, std::regex(pattern));
        if (good) return out;
        cell.fault(Errc::bad_value, "expected a text of the form " + pattern);
        return {};
    };
}

std::function<std::string(const Cell&)> exactly(std::string expected) {
    return [expected = std::move(expected)](const Cell& cell) -> std::string {
        std::string out = text_or_empty(cell);
        if (cell.value.is_string() && out != expected) {
            cell.fault(Errc::bad_value, "expected " + expected);
        }
        return out;
    };
}

std::function<std::uint32_t(const Cell&)> integer(std::uint32_t least, std::uint32_t most) {
    return [least, most](const Cell& cell) -> std::uint32_t {
        if (!cell.value.is_number_integer()) {
            cell.fault(Errc::wrong_type, "expected an integer");
            return least;
        }
        const auto value = cell.value.get<std::int64_t>();
        if (value >= least && value <= most) return static_cast<std::uint32_t>(value);
        cell.fault(Errc::bad_value, "expected an integer from " + std::to_string(least) + " to " +
                                        std::to_string(most));
        return least;
    };
}

namespace detail {

bool check_list(const Cell& cell, const ListBounds& bounds) {
    if (!cell.value.is_array()) {
        cell.fault(Errc::wrong_type, "expected a list");
        return false;
    }
    const std::size_t size = cell.value.size();
    if (size < bounds.least) {
        cell.fault(Errc::bad_value, "expected at least " + std::to_string(bounds.least));
    }
    if (size > bounds.most) {
        cell.fault(Errc::bad_value, "expected at most " + std::to_string(bounds.most));
    }
    if (!bounds.unique) return true;
    for (std::size_t at = 1; at < size; ++at) {
        const auto end = cell.value.begin() + static_cast<std::ptrdiff_t>(at);
        if (std::find(cell.value.begin(), end, cell.value[at]) == end) continue;
        Cell{cell.value[at], element_place(cell, at, bounds.named_by), cell.reasons}.fault(
            Errc::bad_value, "stands twice");
    }
    return true;
}

std::string element_place(const Cell& list, std::size_t index, std::string_view named_by) {
    const nlohmann::json& element = list.value[index];
    if (!named_by.empty() && element.is_object()) {
        const auto name = element.find(named_by);
        if (name != element.end() && name->is_string()) {
            const std::string written = name->get<std::string>();
            if (parse_identifier(written)) return list.place + '.' + written;
        }
    }
    return list.place + '[' + std::to_string(index) + ']';
}

bool check_map(const Cell& cell, std::size_t least) {
    if (!cell.value.is_object()) {
        cell.fault(Errc::wrong_type, "expected an object");
        return false;
    }
    if (cell.value.size() < least) {
        cell.fault(Errc::bad_value, "expected at least " + std::to_string(least));
    }
    for (const auto& [name, value] : cell.value.items()) {
        if (parse_identifier(name)) continue;
        Cell{value, cell.place + '.' + shown(name), cell.reasons}.fault(
            Errc::unknown_member, "expected identifiers as names");
    }
    return true;
}

}  // namespace detail
}  // namespace tongbao::protocol::reading
