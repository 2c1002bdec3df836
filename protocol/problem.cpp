#include "protocol/problem.hpp"

#include "protocol/json_writer.hpp"
#include "protocol/limits.hpp"
#include "protocol/object_reader.hpp"

namespace tongbao::protocol {
namespace {

void write_reason_list(JsonWriter& writer, const Reasons& reasons) {
    writer.begin_array();
    for (const Reason& reason : reasons) {
        writer.begin_object().member("code", code(reason.code));
        if (!reason.place.empty()) writer.member("place", reason.place);
        writer.member("title", sentence(reason.code));
        if (!reason.explanation.empty()) writer.member("explanation", reason.explanation);
        writer.end_object();
    }
    writer.end_array();
}

Reason reason_from(ObjectReader& outer, const JsonValue& value) {
    ObjectReader reader(value, "reasons");
    const std::optional<Errc> errc = errc_from_code(reader.text("code"));
    if (!errc) reader.fail(Errc::bad_value, "code", "an unknown code");
    Reason reason;
    reason.code = errc.value_or(Errc::bad_value);
    reason.place = reader.optional_text("place").value_or("");
    reason.explanation = reader.optional_text("explanation").value_or("");
    if (const auto& fault = reader.fault()) {
        outer.fail(fault->code, fault->place, fault->explanation);
    }
    return reason;
}

}  // namespace

unsigned http_status(Errc errc) noexcept {
    switch (errc) {
        case Errc::not_found:
        case Errc::no_such_notice:
        case Errc::not_in_tree:
            return 404;
        case Errc::not_permitted:
        case Errc::signer_not_enrolled:
        case Errc::sender_mismatch:
            return 403;
        case Errc::unsupported_method:
            return 405;
        case Errc::timed_out:
            return 408;
        case Errc::id_conflict:
        case Errc::already_exists:
            return 409;
        case Errc::too_large:
            return 413;
        case Errc::too_many_requests:
            return 429;
        case Errc::storage_failure:
        case Errc::storage_corrupt:
        case Errc::crypto_failure:
            return 500;
        case Errc::hub_unavailable:
        case Errc::shutting_down:
            return 503;
        case Errc::storage_full:
            return 507;
        case Errc::bad_request:
        case Errc::bad_encoding:
        case Errc::malformed_json:
        case Errc::duplicate_member:
        case Errc::unknown_member:
        case Errc::missing_member:
        case Errc::wrong_type:
        case Errc::bad_number:
        case Errc::too_deep:
        case Errc::not_utf8:
        case Errc::unknown_format:
        case Errc::bad_value:
        case Errc::protocol_violation:
        case Errc::unsupported_version:
        case Errc::bad_argument:
            return 400;
        default:
            // The log, the disk, connections and programs come after what a request can hold.
            return errc < Errc::not_in_tree ? 422 : 500;
    }
}

std::string write_problem(Errc errc, const Reasons& reasons) {
    return write_problem(http_status(errc), errc, reasons);
}

std::string write_problem(unsigned status, Errc errc, const Reasons& reasons) {
    JsonWriter writer;
    writer.begin_object()
        .member("type", "urn:tongbao:problem:" + std::string(code(errc)))
        .member("title", sentence(errc))
        .key("status")
        .number(std::uint64_t{status})
        .member("code", code(errc));
    if (!reasons.empty()) {
        writer.key("reasons");
        write_reason_list(writer, reasons);
    }
    writer.end_object();
    return writer.take();
}

std::string write_reasons(const Reasons& reasons) {
    JsonWriter writer;
    write_reason_list(writer, reasons);
    return writer.take();
}

Checked<Problem> read_problem(BytesView text) {
    const Checked<JsonDocument> value = read_json(text, kMaxSubmissionBytes);
    if (!value) return value.error();
    ObjectReader reader(*value, "");
    const std::optional<Errc> errc = errc_from_code(reader.text("code"));
    if (!errc) reader.fail(Errc::bad_value, "code", "an unknown code");
    Problem problem{errc.value_or(Errc::bad_value), {}};
    if (reader.has("reasons")) {
        for (const JsonValue& item : reader.array("reasons")) {
            problem.reasons.push_back(reason_from(reader, item));
        }
    }
    if (reader.fault()) return *reader.fault();
    return problem;
}

}  // namespace tongbao::protocol
