#include "protocol/submission_json.hpp"

#include "domain/endorsement.hpp"
#include "protocol/json_writer.hpp"
#include "protocol/limits.hpp"
#include "protocol/object_reader.hpp"
#include "protocol/problem.hpp"

namespace tongbao::protocol {
namespace {

void write_digests(JsonWriter& writer, std::string_view name, const std::vector<Digest>& digests) {
    writer.key(name).begin_array();
    for (const Digest& digest : digests) writer.text(digest.base64());
    writer.end_array();
}

/// Base64 of the element `i` of the array `name`, or a fault there.
Bytes base64_at(ObjectReader& reader, std::string_view name, std::size_t i,
                const JsonValue& element) {
    const auto* const text = std::get_if<std::string_view>(&element.value);
    Result<Bytes> bytes = text == nullptr ? Errc::wrong_type : from_base64(*text);
    if (bytes) return *std::move(bytes);
    reader.fail(text == nullptr ? Errc::wrong_type : Errc::bad_value,
                std::string(name) + '[' + std::to_string(i) + ']', "base64 with padding");
    return {};
}

Endorsements read_endorsements(ObjectReader& outer, std::size_t leaves) {
    Endorsements endorsements;
    if (!outer.has("endorsements")) return endorsements;
    for (const JsonValue& item : outer.array("endorsements")) {
        const std::string place = "endorsements[" + std::to_string(endorsements.size()) + ']';
        ObjectReader reader(item, place);
        LeafEndorsements each;
        const std::size_t free_from =
            endorsements.empty() ? 0 : std::size_t{endorsements.back().leaf} + 1;
        const auto last = static_cast<std::int64_t>(leaves) - 1;
        each.leaf = static_cast<std::uint16_t>(
            reader.integer("leaf", static_cast<std::int64_t>(free_from), last));
        const JsonValue::Array& statements = reader.array("statements");
        if (statements.empty() || statements.size() > kMaxEndorsements) {
            reader.fail(Errc::bad_value, "statements",
                        "from 1 to " + std::to_string(kMaxEndorsements));
        }
        for (std::size_t i = 0; i < statements.size() && !reader.fault(); ++i) {
            each.statements.push_back(base64_at(reader, "statements", i, statements[i]));
        }
        if (auto fault = reader.finish()) {
            outer.fail(fault->code, fault->place, fault->explanation);
            break;
        }
        endorsements.push_back(std::move(each));
    }
    return endorsements;
}

}  // namespace

Checked<Submit> read_submission(BytesView text) {
    const Checked<JsonDocument> value = read_json(text, kMaxSubmissionBytes);
    if (!value) return value.error();
    ObjectReader reader(*value, "");
    Submit submit;
    submit.statement = reader.base64("statement");
    const JsonValue::Array& leaves = reader.array("leaves");
    if (leaves.size() > kMaxLeavesPerBatch) {
        reader.fail(Errc::bad_value, "leaves", "at most " + std::to_string(kMaxLeavesPerBatch));
    }
    for (std::size_t i = 0; i < leaves.size() && !reader.fault(); ++i) {
        submit.leaves.push_back(base64_at(reader, "leaves", i, leaves[i]));
    }
    submit.endorsements = read_endorsements(reader, leaves.size());
    if (auto fault = reader.finish()) return *std::move(fault);
    return submit;
}

std::string write_submission(const Submit& submit) {
    JsonWriter writer;
    writer.begin_object().member("statement", to_base64(submit.statement)).key("leaves");
    writer.begin_array();
    for (const Bytes& leaf : submit.leaves) writer.text(to_base64(leaf));
    writer.end_array();
    if (!submit.endorsements.empty()) {
        writer.key("endorsements").begin_array();
        for (const LeafEndorsements& each : submit.endorsements) {
            writer.begin_object().key("leaf").number(std::uint64_t{each.leaf}).key("statements");
            writer.begin_array();
            for (const Bytes& statement : each.statements) writer.text(to_base64(statement));
            writer.end_array().end_object();
        }
        writer.end_array();
    }
    writer.end_object();
    return writer.take();
}

std::string write_leaf_outcome(const LeafOutcome& outcome,
                               const std::optional<CaseNumber>& case_number,
                               const std::optional<UtcTime>& logged_at,
                               const std::vector<std::string>& late) {
    JsonWriter writer;
    writer.begin_object();
    if (const auto* const accepted = std::get_if<LeafAccepted>(&outcome)) {
        writer.member("status", "accepted").key("index").number(accepted->index.value());
        writer.key("repeated").boolean(accepted->repeated);
        if (accepted->repeated) {
            writer.member("entry", to_base64(accepted->earlier.entry));
            write_digests(writer, "proof", accepted->earlier.path);
        }
        if (case_number) writer.member("case", case_number->value());
        if (logged_at) writer.member("logged_at", format_utc(*logged_at));
        if (!late.empty()) {
            writer.key("late").begin_array();
            for (const std::string& rule : late) writer.text(rule);
            writer.end_array();
        }
    } else {
        const LeafRefused& refused = std::get<LeafRefused>(outcome);
        writer.member("status", "refused");
        if (refused.index) writer.key("index").number(refused.index->value());
        writer.key("reasons").raw(write_reasons(refused.reasons));
    }
    writer.end_object();
    return writer.take();
}

std::string write_outcome(const Outcome& outcome) {
    JsonWriter writer;
    writer.begin_object().key("leaves").begin_array();
    for (const LeafOutcome& leaf : outcome.leaves) writer.raw(write_leaf_outcome(leaf));
    writer.end_array().member("checkpoint", outcome.head.checkpoint);
    if (!outcome.run.entries.empty()) {
        writer.key("first").number(outcome.run.first.value()).key("entries").begin_array();
        for (const EntryOrHash& entry : outcome.run.entries) {
            if (const auto* const whole = std::get_if<Bytes>(&entry))
                writer.text(to_base64(*whole));
        }
        writer.end_array();
        write_digests(writer, "proof", outcome.run.proof);
    }
    writer.end_object();
    return writer.take();
}

}  // namespace tongbao::protocol
