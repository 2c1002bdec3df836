#include "tests/client/daemon/json_schema.hpp"

#include <algorithm>
#include <cstdint>
#include <regex>
#include <set>

namespace tongbao::testing {
namespace {

using nlohmann::json;
using Faults = std::vector<std::string>;

bool has_type(const json& value, const std::string& type) {
    if (type == "object") return value.is_object();
    if (type == "array") return value.is_array();
    if (type == "string") return value.is_string();
    if (type == "integer") return value.is_number_integer();
    if (type == "boolean") return value.is_boolean();
    return false;
}

class Check {
public:
    Check(const json& document, const json& schema, const json& value, std::string place)
        : document_(document), schema_(schema), value_(value), place_(std::move(place)) {}

    Faults faults() {
        for (const auto& [keyword, rule] : schema_.items()) apply(keyword, rule);
        return std::move(faults_);
    }

private:
    void fault(const std::string& words) { faults_.push_back(place_ + ": " + words); }

    void below(const json& schema, const json& value, const std::string& place) {
        const Faults found = schema_faults(document_, schema, value, place);
        faults_.insert(faults_.end(), found.begin(), found.end());
    }

    void apply(const std::string& keyword, const json& rule) {
        static const std::set<std::string> kSaysNothing{"description", "format", "default"};
        if (kSaysNothing.count(keyword) != 0) return;
        if (keyword == "$ref") {
            const std::string target = rule.get<std::string>();
            below(document_.at(json::json_pointer(target.substr(1))), value_, place_);
        } else if (keyword == "type") {
            if (!has_type(value_, rule)) fault("is no " + rule.get<std::string>());
        } else if (keyword == "enum") {
            if (std::find(rule.begin(), rule.end(), value_) == rule.end()) fault("not in the enum");
        } else if (keyword == "const") {
            if (value_ != rule) fault("is not " + rule.dump());
        } else if (keyword == "minimum") {
            if (value_.get<std::int64_t>() < rule.get<std::int64_t>()) fault("too small");
        } else if (keyword == "maximum") {
            if (value_.get<std::int64_t>() > rule.get<std::int64_t>()) fault("too large");
        } else if (keyword == "pattern") {
            const std::regex pattern(rule.get<std::string>());
            if (!std::regex_search(value_.get<std::string>(), pattern)) fault("another form");
        } else if (keyword == "items") {
            for (std::size_t i = 0; i < value_.size(); ++i) {
                below(rule, value_[i], place_ + '[' + std::to_string(i) + ']');
            }
        } else if (keyword == "required") {
            for (const json& name : rule) {
                if (!value_.contains(name)) fault("lacks " + name.get<std::string>());
            }
        } else if (keyword == "properties") {
            for (const auto& [name, schema] : rule.items()) {
                if (value_.contains(name)) below(schema, value_.at(name), place_ + '.' + name);
            }
        } else if (keyword == "additionalProperties") {
            for (const auto& [name, member] : value_.items()) {
                if (!schema_.at("properties").contains(name)) fault("has " + name);
            }
        } else if (keyword == "oneOf") {
            const auto fits = std::count_if(rule.begin(), rule.end(), [this](const json& each) {
                return schema_faults(document_, each, value_, place_).empty();
            });
            if (fits != 1) fault("fits " + std::to_string(fits) + " of oneOf");
        } else {
            fault("the schema has a keyword that is not known here: " + keyword);
        }
    }

    const json& document_;
    const json& schema_;
    const json& value_;
    std::string place_;
    Faults faults_;
};

}  // namespace

std::vector<std::string> schema_faults(const json& document, const json& schema, const json& value,
                                       const std::string& place) {
    return Check(document, schema, value, place).faults();
}

}  // namespace tongbao::testing
