#include "protocol/object_reader.hpp"

#include <algorithm>

namespace tongbao::protocol {
namespace {

const JsonValue::Array kNoItems;
const JsonValue::Object kNoMembers;

}  // namespace

ObjectReader::ObjectReader(const JsonValue& value, std::string place)
    : object_(std::get_if<JsonValue::Object>(&value.value)), place_(std::move(place)) {
    if (object_ == nullptr) {
        fault_ = Reason{Errc::wrong_type, place_, "an object stands here"};
        object_ = &kNoMembers;
    }
    if (object_->size() > read_.size()) {
        fault_ = Reason{Errc::too_large, place_, "has too many members"};
        object_ = &kNoMembers;
    }
}

bool ObjectReader::has(std::string_view name) const {
    return std::any_of(object_->begin(), object_->end(),
                       [name](const JsonMember& each) { return each.name == name; });
}

std::string ObjectReader::place_of(std::string_view name) const {
    if (place_.empty()) return std::string(name);
    return place_ + '.' + std::string(name);
}

void ObjectReader::fail(Errc code, std::string_view name, std::string explanation) {
    if (!fault_) fault_ = Reason{code, place_of(name), std::move(explanation)};
}

const JsonValue* ObjectReader::find(std::string_view name, bool required) {
    const auto member = std::find_if(object_->begin(), object_->end(),
                                     [name](const JsonMember& each) { return each.name == name; });
    if (member == object_->end()) {
        if (required) fail(Errc::missing_member, name);
        return nullptr;
    }
    read_[static_cast<std::size_t>(member - object_->begin())] = true;
    return &member->value;
}

const JsonValue* ObjectReader::value(std::string_view name) {
    return find(name, true);
}

std::string_view ObjectReader::text_view(std::string_view name) {
    const JsonValue* const found = find(name, true);
    if (found == nullptr) return {};
    const auto* const text = std::get_if<std::string_view>(&found->value);
    if (text == nullptr) {
        fail(Errc::wrong_type, name, "a text stands here");
        return {};
    }
    if (text->empty()) fail(Errc::bad_value, name, "may not be empty");
    return *text;
}

std::string ObjectReader::text(std::string_view name) {
    return std::string(text_view(name));
}

std::optional<std::string> ObjectReader::optional_text(std::string_view name) {
    if (!has(name)) return std::nullopt;
    return text(name);
}

void ObjectReader::literal(std::string_view name, std::string_view expected, Errc otherwise) {
    if (text_view(name) != expected) fail(otherwise, name, "must be " + std::string(expected));
}

std::int64_t ObjectReader::integer(std::string_view name, std::int64_t low, std::int64_t high) {
    const JsonValue* const found = find(name, true);
    if (found == nullptr) return low;
    const auto* const number = std::get_if<std::int64_t>(&found->value);
    if (number == nullptr) {
        fail(Errc::wrong_type, name, "an integer stands here");
        return low;
    }
    if (*number < low || *number > high) {
        fail(Errc::bad_value, name, "from " + std::to_string(low) + " to " + std::to_string(high));
        return low;
    }
    return *number;
}

bool ObjectReader::boolean(std::string_view name) {
    const JsonValue* const found = find(name, true);
    if (found == nullptr) return false;
    const auto* const flag = std::get_if<bool>(&found->value);
    if (flag == nullptr) fail(Errc::wrong_type, name, "true or false stands here");
    return flag != nullptr && *flag;
}

const JsonValue::Array& ObjectReader::array(std::string_view name) {
    const JsonValue* const found = find(name, true);
    if (found == nullptr) return kNoItems;
    const auto* const items = std::get_if<JsonValue::Array>(&found->value);
    if (items == nullptr) fail(Errc::wrong_type, name, "an array stands here");
    return items == nullptr ? kNoItems : *items;
}

const JsonValue::Object& ObjectReader::object(std::string_view name) {
    const JsonValue* const found = find(name, true);
    if (found == nullptr) return kNoMembers;
    const auto* const members = std::get_if<JsonValue::Object>(&found->value);
    if (members == nullptr) fail(Errc::wrong_type, name, "an object stands here");
    return members == nullptr ? kNoMembers : *members;
}

Digest ObjectReader::digest_hex(std::string_view name) {
    const Result<Digest> digest = Digest::from_hex(text_view(name));
    if (!digest) fail(Errc::bad_value, name, "64 lower-case hexadecimal digits");
    return digest ? *digest : Digest();
}

UtcTime ObjectReader::utc_time(std::string_view name) {
    const Result<UtcTime> time = parse_utc(text_view(name));
    if (!time) fail(Errc::bad_value, name, "a UTC time such as 2026-11-22T09:30:00.123Z");
    return time ? *time : UtcTime();
}

Uuid ObjectReader::uuid(std::string_view name) {
    const Result<Uuid> uuid = Uuid::parse(text_view(name));
    if (!uuid) fail(Errc::bad_value, name, "a version 7 UUID in lower case");
    return uuid ? *uuid : Uuid();
}

Bytes ObjectReader::base64(std::string_view name) {
    Result<Bytes> bytes = from_base64(text_view(name));
    if (!bytes) fail(Errc::bad_value, name, "base64 with padding");
    return bytes ? *std::move(bytes) : Bytes();
}

Bytes ObjectReader::base64(std::string_view name, std::size_t size) {
    Bytes bytes = base64(name);
    if (bytes.size() != size) {
        fail(Errc::bad_value, name, "base64 of " + std::to_string(size) + " bytes");
        bytes.assign(size, 0);
    }
    return bytes;
}

std::optional<Reason> ObjectReader::finish() {
    for (std::size_t i = 0; i < object_->size() && !fault_; ++i) {
        if (!read_[i]) fail(Errc::unknown_member, (*object_)[i].name);
    }
    return fault_;
}

}  // namespace tongbao::protocol
