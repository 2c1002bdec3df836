#pragma once

#include "domain/ids.hpp"
#include "domain/reason.hpp"

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace tongbao::protocol::reading {

// Readers that turn JSON into types and note every fault with its place, instead of stopping at the
// first one. A reader is a callable that takes a Cell and returns a value; after a fault the value
// is an empty one that nobody may use: whoever starts reading looks at the reasons in the end.

/// One JSON value, the place where it stands, and where faults are noted.
struct Cell {
    const nlohmann::json& value;
    std::string place;
    Reasons& reasons;

    void fault(Errc code, std::string explanation) const {
        reasons.push_back(Reason{code, place, std::move(explanation)});
    }
};

template <typename Read>
using ReadBy = std::invoke_result_t<Read, const Cell&>;

/// The members of one JSON object. Each is asked for by name; those that nobody asked for are
/// faults.
class Members {
public:
    /// Notes Errc::wrong_type if `cell` is no object; then every member is absent, silently.
    explicit Members(const Cell& cell);

    [[nodiscard]] bool has(std::string_view name) const;

    /// Reads the member into `out`; notes Errc::missing_member if it is not there.
    template <typename T, typename Read>
    void required(std::string_view name, T& out, Read read) {
        if (const nlohmann::json* const value = take(name)) {
            out = read(cell_of(name, *value));
        } else {
            note_missing(name);
        }
    }

    /// Reads the member into `out`, which stays as it is if the member is not there.
    template <typename T, typename Read>
    void optional(std::string_view name, T& out, Read read) {
        if (const nlohmann::json* const value = take(name)) out = read(cell_of(name, *value));
    }

    /// Reads and drops a member that only has to be well-formed.
    template <typename Read>
    void demand(std::string_view name, Read read) {
        ReadBy<Read> ignored{};
        required(name, ignored, read);
    }

    /// Notes Errc::unknown_member for each member that nobody asked for.
    void finish() const;

private:
    [[nodiscard]] const nlohmann::json* take(std::string_view name);
    [[nodiscard]] Cell cell_of(std::string_view name, const nlohmann::json& value) const;
    void note_missing(std::string_view name) const;

    Cell cell_;
    bool is_object_;
    std::vector<std::string> taken_;
};

/// Reads an object of type T by the function `read(Members&, T&)` beside Members.
template <typename T>
[[nodiscard]] T record(const Cell& cell) {
    T out{};
    Members members(cell);
    read(members, out);
    members.finish();
    return out;
}

/// A text that is not empty.
[[nodiscard]] std::string text(const Cell& cell);
[[nodiscard]] std::string text_or_empty(const Cell& cell);
[[nodiscard]] bool flag(const Cell& cell);

/// `[a-z][a-z0-9_]*` of at most 63 characters.
[[nodiscard]] std::string identifier(const Cell& cell);

template <typename Id>
[[nodiscard]] Id identifier_as(const Cell& cell) {
    return Id(identifier(cell));
}

/// A text of at most 255 bytes that `pattern`, an ECMAScript regular expression, matches as a
/// whole.
[[nodiscard]] std::function<std::string(const Cell&)> matching(std::string pattern);

/// Exactly this text.
[[nodiscard]] std::function<std::string(const Cell&)> exactly(std::string expected);

[[nodiscard]] std::function<std::uint32_t(const Cell&)> integer(std::uint32_t least,
                                                                std::uint32_t most = 2'147'483'647);

/// JSON null as nothing, else what `read` reads.
template <typename Read>
[[nodiscard]] auto or_null(Read read) {
    return [read](const Cell& cell) -> std::optional<ReadBy<Read>> {
        if (cell.value.is_null()) return std::nullopt;
        return read(cell);
    };
}

/// What `parse` makes of a text: a function from std::string_view to Result<T>.
template <typename Parse>
[[nodiscard]] auto parsed_by(Parse parse, std::string expected) {
    using T = typename std::invoke_result_t<Parse, std::string_view>::value_type;
    return [parse, expected = std::move(expected)](const Cell& cell) -> T {
        const std::string written = text(cell);
        if (written.empty()) return T{};
        const auto value = parse(written);
        if (value) return *value;
        cell.fault(Errc::bad_value, "expected " + expected);
        return T{};
    };
}

/// One of a few words, each standing for a value.
template <typename E>
[[nodiscard]] auto one_of(std::initializer_list<std::pair<std::string_view, E>> words) {
    return [known = std::vector<std::pair<std::string_view, E>>(words)](const Cell& cell) -> E {
        const std::string written = text(cell);
        if (written.empty()) return E{};
        std::string expected;
        for (const auto& [word, value] : known) {
            if (word == written) return value;
            expected += (expected.empty() ? "" : ", ") + std::string(word);
        }
        cell.fault(Errc::bad_value, "expected one of: " + expected);
        return E{};
    };
}

struct ListBounds {
    std::size_t least{0};
    std::size_t most{std::numeric_limits<std::size_t>::max()};
    bool unique{false};
    /// The member of each element that names it in places, instead of its index.
    std::string_view named_by{};
};

namespace detail {

/// Whether `cell` is an array within `bounds`; notes each fault.
[[nodiscard]] bool check_list(const Cell& cell, const ListBounds& bounds);
[[nodiscard]] std::string element_place(const Cell& list, std::size_t index,
                                        std::string_view named_by);
/// Whether `cell` is an object with at least `least` members, all of whose names are identifiers.
[[nodiscard]] bool check_map(const Cell& cell, std::size_t least);

}  // namespace detail

template <typename Read>
[[nodiscard]] auto list_of(Read read, ListBounds bounds = {}) {
    return [read, bounds](const Cell& cell) {
        std::vector<ReadBy<Read>> out;
        if (!detail::check_list(cell, bounds)) return out;
        for (std::size_t at = 0; at < cell.value.size(); ++at) {
            out.push_back(read(Cell{
                cell.value[at], detail::element_place(cell, at, bounds.named_by), cell.reasons}));
        }
        return out;
    };
}

/// An object whose names are identifiers and whose values are all of one kind.
template <typename Read>
[[nodiscard]] auto map_of(Read read, std::size_t least = 1) {
    return [read, least](const Cell& cell) {
        std::map<std::string, ReadBy<Read>, std::less<>> out;
        if (!detail::check_map(cell, least)) return out;
        for (const auto& [name, value] : cell.value.items()) {
            out.emplace(name, read(Cell{value, cell.place + '.' + name, cell.reasons}));
        }
        return out;
    };
}

}  // namespace tongbao::protocol::reading
