#include "protocol/json_value.hpp"

#include "domain/code_points.hpp"
#include "protocol/limits.hpp"

#include <simdjson.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace tongbao::protocol {
namespace {

namespace ondemand = simdjson::ondemand;

/// Room made for an object's members before they are known.
constexpr std::size_t kUsualMembers = 16;

/// An integer in its plain form; anything else that begins like a number is refused.
std::optional<std::int64_t> plain_integer(std::string_view token) {
    const std::size_t end = token.find_last_not_of(" \t\r\n");
    token = token.substr(0, end == std::string_view::npos ? 0 : end + 1);
    std::string_view digits = token;
    if (digits.starts_with('-')) digits.remove_prefix(1);
    const bool zero = digits == "0";
    if (digits.empty() || (digits.front() == '0' && !zero) || (zero && token != "0")) {
        return std::nullopt;
    }
    std::int64_t value = 0;
    const auto [last, error] = std::from_chars(token.data(), token.data() + token.size(), value);
    if (error != std::errc() || last != token.data() + token.size()) return std::nullopt;
    if (value > kMaxJsonInteger || value < -kMaxJsonInteger) return std::nullopt;
    return value;
}

/// simdjson 3.0.1 reads a value at the top otherwise than one inside: it takes `nulll` for null and
/// `false2` for false, and refuses `null` with a newline behind it. So no value stands at the top.
/// `kept` holds the text and the room behind it that simdjson reads into, for one text after the
/// other.
simdjson::padded_string_view in_brackets(std::string_view text, std::string& kept) {
    kept.clear();
    kept.reserve(text.size() + 2 + simdjson::SIMDJSON_PADDING);
    kept += '[';
    kept += text;
    kept += ']';
    const std::size_t size = kept.size();
    kept.append(simdjson::SIMDJSON_PADDING, '\0');
    return simdjson::padded_string_view(kept.data(), size, kept.size());
}

/// Where the characters of a document's texts go, one behind the other.
class Characters {
public:
    /// No text is longer read than written, so `size`, that of the JSON text, is enough for all.
    explicit Characters(std::size_t size) : kept_(new char[size]), next_(kept_.get()) {}

    std::string_view keep(std::string_view text) {
        const std::string_view kept(next_, text.size());
        next_ = std::copy(text.begin(), text.end(), next_);
        return kept;
    }

    [[nodiscard]] std::unique_ptr<char[]> take() { return std::move(kept_); }

private:
    std::unique_ptr<char[]> kept_;
    char* next_;
};

/// Walks the whole text, since what simdjson's lazy parser is not asked for, it does not check.
class Walk {
public:
    /// `escapes`: whether the text holds a backslash. Without one a string is what stands there,
    /// and that was checked as a whole.
    Walk(bool escapes, Characters& characters) : escapes_(escapes), characters_(characters) {}

    /// Reads the one value between the brackets that were put around the text. Like all that read,
    /// it answers whether it did; if not, take_fault says why.
    bool read_only_element(ondemand::array& array, JsonValue& into) {
        std::size_t count = 0;
        for (auto element : array) {
            if (++count > 1) return fail(Errc::malformed_json, "holds more than one value");
            ondemand::value value;
            if (std::move(element).get(value) != simdjson::SUCCESS) {
                return fail(Errc::malformed_json);
            }
            if (!read(value, into)) return false;
        }
        return count == 1 || fail(Errc::malformed_json, "holds no value");
    }

    [[nodiscard]] Reason take_fault() { return std::move(fault_); }

private:
    bool read(ondemand::value& source, JsonValue& into) {
        ondemand::json_type type{};
        if (source.type().get(type) != simdjson::SUCCESS) return fail(Errc::malformed_json);
        switch (type) {
            case ondemand::json_type::null:
                return read_null(source, into);
            case ondemand::json_type::boolean:
                return read_boolean(source, into);
            case ondemand::json_type::number:
                return read_number(source, into);
            case ondemand::json_type::string:
                return read_string(source, into);
            case ondemand::json_type::array:
                return nested([&] { return read_array(source, into); });
            case ondemand::json_type::object:
                return nested([&] { return read_object(source, into); });
        }
        return fail(Errc::malformed_json);
    }

    bool fail(Errc code, std::string explanation = {}) {
        fault_ = Reason{code, place_, std::move(explanation)};
        return false;
    }

    bool read_null(ondemand::value& source, JsonValue& into) {
        bool null = false;
        if (source.is_null().get(null) != simdjson::SUCCESS || !null) {
            return fail(Errc::malformed_json);
        }
        into.value = JsonValue::Null();
        return true;
    }

    bool read_boolean(ondemand::value& source, JsonValue& into) {
        bool value = false;
        if (source.get_bool().get(value) != simdjson::SUCCESS) return fail(Errc::malformed_json);
        into.value = value;
        return true;
    }

    bool read_number(ondemand::value& source, JsonValue& into) {
        const std::optional<std::int64_t> value = plain_integer(source.raw_json_token());
        if (!value) return fail(Errc::bad_number);
        // Asked for a second time so that the parser steps over it.
        std::int64_t consumed = 0;
        if (source.get_int64().get(consumed) != simdjson::SUCCESS || consumed != *value) {
            return fail(Errc::bad_number);
        }
        into.value = *value;
        return true;
    }

    bool read_string(ondemand::value& source, JsonValue& into) {
        std::string_view text;
        if (source.get_string().get(text) != simdjson::SUCCESS) return fail(Errc::malformed_json);
        if (!check_text(text)) return false;
        into.value = characters_.keep(text);
        return true;
    }

    bool read_array(ondemand::value& source, JsonValue& into) {
        ondemand::array array;
        if (source.get_array().get(array) != simdjson::SUCCESS) return fail(Errc::malformed_json);
        JsonValue::Array items;
        const std::size_t place_length = place_.size();
        for (auto element : array) {
            ondemand::value value;
            place_ += '[' + std::to_string(items.size()) + ']';
            if (std::move(element).get(value) != simdjson::SUCCESS) {
                return fail(Errc::malformed_json);
            }
            if (!read(value, items.emplace_back())) return false;
            place_.resize(place_length);
        }
        into.value = std::move(items);
        return true;
    }

    bool read_object(ondemand::value& source, JsonValue& into) {
        ondemand::object object;
        if (source.get_object().get(object) != simdjson::SUCCESS) return fail(Errc::malformed_json);
        JsonValue::Object members;
        members.reserve(kUsualMembers);
        const std::size_t place_length = place_.size();
        for (auto field : object) {
            std::string_view name;
            if (field.unescaped_key().get(name) != simdjson::SUCCESS) {
                return fail(Errc::malformed_json);
            }
            if (!check_text(name)) return false;
            const bool twice = std::any_of(members.begin(), members.end(),
                                           [name](const auto& each) { return each.name == name; });
            if (place_length != 0) place_ += '.';
            place_ += name;
            if (twice) return fail(Errc::duplicate_member);
            if (members.size() == kMaxJsonMembers) return fail(Errc::too_large);
            members.push_back(JsonMember{characters_.keep(name), {}});
            ondemand::value value;
            if (field.value().get(value) != simdjson::SUCCESS) return fail(Errc::malformed_json);
            if (!read(value, members.back().value)) return false;
            place_.resize(place_length);
        }
        into.value = std::move(members);
        return true;
    }

    template <typename Function>
    bool nested(Function&& function) {
        if (++depth_ > kMaxJsonDepth) return fail(Errc::too_deep);
        const bool good = function();
        --depth_;
        return good;
    }

    /// simdjson has checked the raw text; an escape can still have made a lone surrogate or a NUL.
    bool check_text(std::string_view text) {
        if (!escapes_) return true;
        if (text.find('\0') != std::string_view::npos) {
            return fail(Errc::malformed_json, "holds a NUL");
        }
        if (!is_utf8(text)) return fail(Errc::not_utf8);
        return true;
    }

    const bool escapes_;
    Characters& characters_;
    std::string place_;
    std::size_t depth_{0};
    Reason fault_;
};

}  // namespace

Checked<JsonDocument> read_json(BytesView text, std::size_t max_bytes) {
    if (text.size() > max_bytes) {
        return Reason{Errc::too_large, {}, "at most " + std::to_string(max_bytes) + " bytes"};
    }
    if (as_text(text).starts_with(kByteOrderMark)) {
        return Reason{Errc::not_utf8, {}, "begins with a byte order mark"};
    }
    if (!simdjson::validate_utf8(as_text(text))) return Reason{Errc::not_utf8, {}, {}};
    if (as_text(text).find('\0') != std::string_view::npos) {
        return Reason{Errc::malformed_json, {}, "holds a NUL"};
    }
    thread_local ondemand::parser parser;
    thread_local std::string kept;
    const simdjson::padded_string_view padded = in_brackets(as_text(text), kept);
    ondemand::document document;
    ondemand::array only;
    if (parser.iterate(padded).get(document) != simdjson::SUCCESS ||
        document.get_array().get(only) != simdjson::SUCCESS) {
        return Reason{Errc::malformed_json, {}, {}};
    }
    Characters characters(text.size());
    Walk walk(as_text(text).find('\\') != std::string_view::npos, characters);
    JsonValue value;
    if (!walk.read_only_element(only, value)) return walk.take_fault();
    // Out of bounds is what simdjson answers where nothing is left.
    if (document.current_location().error() != simdjson::OUT_OF_BOUNDS) {
        return Reason{Errc::malformed_json, {}, "goes on after its end"};
    }
    return JsonDocument(characters.take(), std::move(value));
}

}  // namespace tongbao::protocol
