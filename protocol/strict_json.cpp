#include "protocol/strict_json.hpp"

#include "domain/bytes.hpp"
#include "domain/code_points.hpp"
#include "protocol/limits.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace tongbao::protocol {
namespace {

using nlohmann::json;

/// What nlohmann/json calls a number that no double can hold, such as 1e400.
constexpr int kNumberOutOfRange = 406;

/// Builds the value and stops at the first thing that strictness forbids. Each callback of
/// nlohmann's SAX interface answers whether reading goes on.
class StrictBuilder final : public nlohmann::json_sax<json> {
public:
    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }

    bool number_integer(number_integer_t value) override {
        // Only a text with a minus sign comes here, so a zero was written as -0.
        if (value == 0 || value < -kMaxJsonInteger) return fail(Errc::bad_number);
        return add(value);
    }

    bool number_unsigned(number_unsigned_t value) override {
        if (value > static_cast<std::uint64_t>(kMaxJsonInteger)) return fail(Errc::bad_number);
        return add(static_cast<std::int64_t>(value));
    }

    // Fractions, exponents, and integers that do not fit 64 bits.
    bool number_float(number_float_t, const string_t&) override { return fail(Errc::bad_number); }

    bool string(string_t& value) override {
        if (value.find('\0') != std::string::npos) return fail(Errc::malformed_json);
        return add(std::move(value));
    }

    bool binary(binary_t&) override { return fail(Errc::malformed_json); }

    bool start_object(std::size_t) override { return open(json::object()); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_array() override { return close(); }

    bool key(string_t& name) override {
        Level& level = levels_.back();
        level.key = std::move(name);
        if (level.key.find('\0') != std::string::npos) return fail(Errc::malformed_json);
        if (level.container.contains(level.key)) return fail(Errc::duplicate_member);
        return true;
    }

    bool parse_error(std::size_t position, const std::string&,
                     const nlohmann::detail::exception& error) override {
        if (error.id == kNumberOutOfRange) return fail(Errc::bad_number);
        offset_ = position;
        return fail(Errc::malformed_json);
    }

    [[nodiscard]] json take_value() { return std::move(value_); }

    [[nodiscard]] JsonFault fault() const {
        std::string place;
        for (const Level& level : levels_) {
            if (level.container.is_array()) {
                place += '[' + std::to_string(level.container.size()) + ']';
            } else if (!level.key.empty()) {
                place += (place.empty() ? "" : ".") + level.key;
            }
        }
        return JsonFault{code_, std::move(place), offset_};
    }

private:
    struct Level {
        json container;
        std::string key;
    };

    bool fail(Errc code) {
        code_ = code;
        return false;
    }

    bool open(json container) {
        if (levels_.size() == kMaxJsonDepth) return fail(Errc::too_deep);
        levels_.push_back(Level{std::move(container), {}});
        return true;
    }

    bool close() {
        json finished = std::move(levels_.back().container);
        levels_.pop_back();
        return add(std::move(finished));
    }

    bool add(json value) {
        if (levels_.empty()) {
            value_ = std::move(value);
            return true;
        }
        Level& level = levels_.back();
        if (level.container.is_array()) {
            level.container.push_back(std::move(value));
        } else {
            level.container[level.key] = std::move(value);
            level.key.clear();
        }
        return true;
    }

    json value_;
    std::vector<Level> levels_;
    Errc code_{Errc::malformed_json};
    std::size_t offset_{0};
};

// An error_code and not an Errc, which could also become a JSON value.
boost::system::error_code refuse(JsonFault* fault, JsonFault found) {
    const Errc code = found.code;
    if (fault != nullptr) *fault = std::move(found);
    return make_error_code(code);
}

}  // namespace

Result<json> parse_strict_json(std::string_view text, JsonFault* fault) {
    if (!is_utf8(text)) return refuse(fault, JsonFault{Errc::not_utf8, {}, 0});
    if (text.starts_with(kByteOrderMark)) return refuse(fault, JsonFault{Errc::not_utf8, {}, 0});
    // nlohmann/json 3.11.2 takes a NUL for the end of the text and ignores what follows.
    const std::size_t nul = text.find('\0');
    if (nul != std::string_view::npos) {
        return refuse(fault, JsonFault{Errc::malformed_json, {}, nul});
    }

    StrictBuilder builder;
    const bool read = json::sax_parse(text.begin(), text.end(), &builder);
    if (!read) return refuse(fault, builder.fault());
    return builder.take_value();
}

}  // namespace tongbao::protocol
