// What the daemon answers by itself: how it is, and whether a value has its type's form.

#include "client/daemon/expiry.hpp"
#include "client/daemon/ledger_desk.hpp"
#include "client/daemon/local_answer.hpp"
#include "client/daemon/local_api.hpp"
#include "client/daemon/search_desk.hpp"
#include "domain/bytes.hpp"
#include "domain/field_type.hpp"
#include "program/blocking.hpp"
#include "protocol/json_writer.hpp"

#include <utility>

namespace tongbao::client {
namespace {

using program::run_blocking;
using transport::Response;

std::string url_of(const DaemonConfig& config) {
    const bool numeric6 = config.hub_host.find(':') != std::string::npos;  // RFC 3986 section 3.2.2
    const std::string host = numeric6 ? '[' + config.hub_host + ']' : config.hub_host;
    return "https://" + host + ':' + std::to_string(config.hub_port);
}

void write_storage(protocol::JsonWriter& writer, const program::SpaceState& space) {
    writer.key("storage")
        .begin_object()
        .key("full")
        .boolean(space.full)
        .key("free_mib")
        .number(space.free / kMebibyte)
        .key("least_mib")
        .number(space.least / kMebibyte)
        .end_object();
}

void write_certificates(protocol::JsonWriter& writer,
                        const std::vector<OwnCertificate>& certificates, UtcTime now) {
    writer.key("certificates").begin_array();
    for (const OwnCertificate& each : certificates) {
        writer.begin_object()
            .member("use", each.use)
            .member("spiffe", each.spiffe)
            .member("not_after", format_utc(each.not_after))
            .key("days_left")
            .number(days_left(each.not_after, now))
            .member("state", each.waiting ? "waiting_for_enrolment" : "in_use");
        if (const std::optional<std::int64_t> warning = expiry_warning(each.not_after, now)) {
            writer.key("warning").number(*warning);
        }
        writer.end_object();
    }
    writer.end_array();
}

void write_unasked(protocol::JsonWriter& writer, const std::vector<UnaskedKey>& unasked) {
    writer.key("keys_not_asked_for").begin_array();
    for (const UnaskedKey& each : unasked) {
        writer.begin_object()
            .member("spiffe", each.spiffe)
            .member("certificate", each.certificate.hex())
            .member("public_key", each.public_key.hex())
            .key("enrolled")
            .number(each.enrolled.value())
            .end_object();
    }
    writer.end_array();
}

/// The one value of a member of the query; none if it is not there once.
std::optional<std::string> query_text(const transport::Fields& query, std::string_view name) {
    std::optional<std::string> text;
    for (const transport::Field& field : query) {
        if (field.name != name) continue;
        if (text) return std::nullopt;
        text = field.value;
    }
    return text;
}

}  // namespace

LocalApi::Answer LocalApi::status() {
    // The follower moves on the pool's one thread: it is read there too.
    TreeSize log_size;
    program::SpaceState space;
    const auto look = [this, &log_size, &space] {
        log_size = follower_.size();
        space = services_.space.look();
        return services_.store.resume_position();
    };
    const Result<std::optional<LogIndex>> received = co_await run_blocking(services_.pool, look);
    if (!received) co_return problem(to_errc(received.error()));
    const std::optional<DispatchCounts> dispatches = co_await dispatch_counter_.counts();
    const DaemonConfig& config = services_.config;
    protocol::JsonWriter writer;
    writer.begin_object().member("unit", config.unit.value());
    writer.key("hub")
        .begin_object()
        .member("url", url_of(config))
        .key("connected")
        .boolean(services_.hub.connected)
        .member("last_error", services_.hub.last_error)
        .end_object();
    writer.key("log")
        .begin_object()
        .member("origin", services_.log_key.name())
        .key("size")
        .number(log_size.value());
    if (*received) writer.key("received_through").number((*received)->value());
    writer.end_object();
    write_storage(writer, space);
    const auto ahead = std::chrono::duration_cast<std::chrono::seconds>(
        services_.hub.clock_ahead.value_or(std::chrono::milliseconds(0)));
    const UtcTime now = services_.clock.now();
    writer.key("test_deployment").boolean(config.test_deployment);
    writer.key("clock")
        .begin_object()
        .member("time", format_utc(now))
        .key("hub_seconds_ahead")
        .number(ahead.count())
        .end_object();
    writer.key("charter")
        .begin_object()
        .member("id", services_.charter->id().value())
        .key("version")
        .number(std::uint64_t{services_.charter->version().value()})
        .end_object();
    writer.key("outbox").number(services_.store.outbox_size());
    writer.key("awaiting_endorsement").number(services_.store.held_size());
    if (dispatches) {
        writer.key("dispatches").begin_object().key("open").number(dispatches->open);
        writer.key("without_evidence").number(dispatches->without_evidence).end_object();
    }
    writer.key("last_minute")
        .begin_object()
        .key("received")
        .number(services_.hub.received.last_minute(now))
        .key("answered")
        .number(services_.hub.answered.last_minute(now))
        .end_object();
    if (const std::optional<RemindedCount>& reminded = services_.hub.reminded) {
        writer.key("reminders").begin_object().key("open").number(reminded->reminders);
        if (services_.config.unit == services_.charter->parts().office.unit) {
            writer.key("drafts").number(reminded->drafts);
        }
        writer.member("at", format_utc(reminded->at)).end_object();
    }
    writer.member("alarm", services_.hub.alarm);
    if (services_.ledger != nullptr) {
        writer.key("ledger").begin_object();
        write_standing(writer, services_.ledger->standing());
        writer.end_object();
    }
    if (services_.search != nullptr) {
        writer.key("search").begin_object();
        write_standing(writer, services_.search->standing());
        writer.end_object();
    }
    write_unasked(writer, services_.hub.unasked);
    write_certificates(writer, services_.certificates(), now);
    writer.end_object();
    co_return json(200, writer.take());
}

Response LocalApi::validate(const transport::RequestHead& request) const {
    const Result<transport::Fields> query = transport::query_fields(request.target);
    if (!query) return problem(to_errc(query.error()));
    const std::optional<std::string> name = query_text(*query, "type");
    const std::optional<std::string> value = query_text(*query, "value");
    if (!name || !value) {
        const std::string place = name ? "value" : "type";
        return problem(Errc::missing_member, {{Errc::missing_member, place, "once in the query"}});
    }
    const std::optional<FieldType> type = field_type_from_word(*name);
    if (!type || *type == FieldType::table) {
        return problem(Errc::unknown_type, {{Errc::unknown_type, "type", {}}});
    }
    const Result<void> verdict = check_form(*type, scalar_from_text(*type, *value));
    protocol::JsonWriter writer;
    writer.begin_object().member("type", *name).member("value", *value);
    writer.key("valid").boolean(verdict.has_value());
    if (!verdict) {
        writer.member("code", code(to_errc(verdict.error())));
        writer.member("explanation", explain_form(*type));
    }
    writer.end_object();
    return json(200, writer.take());
}

}  // namespace tongbao::client
