#include "domain/charter_binding.hpp"

#include <algorithm>
#include <utility>

namespace tongbao {
namespace {

using Fields = std::vector<FieldRule>;

/// The fields of one kind or the columns of one table; beside them, where a condition may name
/// them, the fields of an answer.
class FieldsScope final : public ExpressionScope {
public:
    FieldsScope(const ById<EnumType>& enums, const Fields& own, const Fields* answer = nullptr)
        : enums_(enums), own_(own), answer_(answer) {}

    [[nodiscard]] std::optional<FieldType> type_of(const ExpressionName& name) const override {
        const FieldRule* const field = find(name);
        if (field == nullptr) return std::nullopt;
        return field->type;
    }

    [[nodiscard]] std::string enum_of(const ExpressionName& name) const override {
        const FieldRule* const field = find(name);
        const auto* const id =
            field == nullptr ? nullptr : std::get_if<std::string>(&field->values);
        return id == nullptr ? std::string() : *id;
    }

    [[nodiscard]] bool has_value(std::string_view enumeration,
                                 std::string_view value) const override {
        const auto found = enums_.find(enumeration);
        return found != enums_.end() && found->second.has(value);
    }

    [[nodiscard]] std::optional<std::vector<std::string>> members_of(
        std::string_view enumeration, std::string_view set) const override {
        const auto found = enums_.find(enumeration);
        if (found == enums_.end()) return std::nullopt;
        const auto members = found->second.sets.find(set);
        if (members == found->second.sets.end()) return std::nullopt;
        return members->second;
    }

private:
    [[nodiscard]] const FieldRule* find(const ExpressionName& name) const {
        if (!name.of_reply) return find_field(own_, name.name);
        return answer_ == nullptr ? nullptr : find_field(*answer_, name.name);
    }

    const ById<EnumType>& enums_;
    const Fields& own_;
    const Fields* answer_;
};

class ConditionBinder {
public:
    explicit ConditionBinder(CharterParts& parts) : parts_(parts) {}

    Reasons run() {
        for (auto& [id, table] : parts_.tables) {
            const FieldsScope scope(parts_.enums, table.columns);
            bind_fields(table.columns, scope, "tables." + id + ".columns.");
        }
        for (Kind& kind : parts_.kinds) bind_kind(kind);
        return std::move(reasons_);
    }

private:
    void bind_kind(Kind& kind) {
        const std::string place = "kinds." + kind.id.value();
        const FieldsScope scope(parts_.enums, kind.fields);
        bind_fields(kind.fields, scope, place + ".fields.");
        for (AttachmentRule& attachment : kind.attachments) {
            bind_one(attachment.required_if, scope,
                     place + ".attachments." + attachment.kind + ".required_if");
        }
        for (std::size_t at = 0; at < kind.checks.size(); ++at) {
            if (auto* const check = std::get_if<MustCheck>(&kind.checks[at])) {
                bind_one(check->must, scope, place + ".checks[" + std::to_string(at) + "].must");
            }
        }
        for (std::size_t at = 0; at < kind.replies.size(); ++at) {
            bind_reply(kind, kind.replies[at], place + ".replies[" + std::to_string(at) + "]");
        }
        for (std::size_t at = 0; at < kind.effects.size(); ++at) {
            bind_one(kind.effects[at].when, scope,
                     place + ".effects[" + std::to_string(at) + "].when");
        }
        for (std::size_t at = 0; at < kind.on_answered.size(); ++at) {
            bind_one(kind.on_answered[at].when, scope,
                     place + ".on_answered[" + std::to_string(at) + "].when");
        }
    }

    void bind_reply(const Kind& kind, ReplyRule& reply, const std::string& place) {
        bind_one(reply.when, FieldsScope(parts_.enums, kind.fields), place + ".when");
        const auto answer =
            std::find_if(parts_.kinds.begin(), parts_.kinds.end(),
                         [&](const Kind& candidate) { return candidate.id == reply.kind; });
        const Fields* const fields = answer == parts_.kinds.end() ? nullptr : &answer->fields;
        bind_one(reply.satisfied_when, FieldsScope(parts_.enums, kind.fields, fields),
                 place + ".satisfied_when");
    }

    void bind_fields(Fields& fields, const ExpressionScope& scope, const std::string& prefix) {
        for (FieldRule& field : fields) {
            bind_one(field.required_if, scope, prefix + field.name + ".required_if");
            bind_one(field.checked_if, scope, prefix + field.name + ".checked_if");
            if (!field.each || !field.table) continue;
            const auto table = parts_.tables.find(*field.table);
            if (table == parts_.tables.end()) continue;
            bind_one(field.each, FieldsScope(parts_.enums, table->second.columns),
                     prefix + field.name + ".each");
        }
    }

    void bind_one(std::optional<Condition>& condition, const ExpressionScope& scope,
                  const std::string& place) {
        if (condition) bind_one(*condition, scope, place);
    }

    void bind_one(Condition& condition, const ExpressionScope& scope, const std::string& place) {
        const ParsedExpression parsed = parse_expression(condition.text);
        if (const auto* const fault = std::get_if<ExpressionFault>(&parsed)) {
            note(*fault, place);
            return;
        }
        BoundOrFaults bound = bind(std::get<Expression>(parsed), scope);
        if (auto* const good = std::get_if<BoundExpression>(&bound)) {
            condition.bound = std::move(*good);
            return;
        }
        for (const ExpressionFault& fault : std::get<std::vector<ExpressionFault>>(bound)) {
            note(fault, place);
        }
    }

    void note(const ExpressionFault& fault, const std::string& place) {
        reasons_.push_back(Reason{Errc::bad_expression, place,
                                  "byte " + std::to_string(fault.position) + ": " + fault.message});
    }

    CharterParts& parts_;
    Reasons reasons_;
};

}  // namespace

Reasons bind_conditions(CharterParts& parts) {
    return ConditionBinder(parts).run();
}

}  // namespace tongbao
