#include "client/daemon/local_answer.hpp"
#include "client/daemon/local_api.hpp"
#include "program/blocking.hpp"
#include "protocol/json_writer.hpp"

#include <utility>

namespace tongbao::client {
namespace {

using program::run_blocking;
using transport::Response;

Response refusal(const Reason& reason) {
    return problem(reason.code, {reason});
}

}  // namespace

LocalApi::Answer LocalApi::list_held(std::size_t limit) {
    const auto list = [this, limit]() -> Response {
        const Result<std::vector<HeldView>> views = endorsements_.list(limit);
        if (!views) return problem(to_errc(views.error()));
        return json(200, write_held_list(*views));
    };
    co_return co_await run_blocking(services_.pool, list);
}

LocalApi::Answer LocalApi::held(std::string id) {
    const Result<Uuid> uuid = Uuid::parse(id);
    if (!uuid) co_return problem(Errc::not_found);
    const auto read = [this, &uuid]() -> Response {
        const Result<HeldView> view = endorsements_.find(*uuid);
        if (!view) return problem(to_errc(view.error()));
        return json(200, write_held_whole(*view, services_.log_key.name()));
    };
    co_return co_await run_blocking(services_.pool, read);
}

LocalApi::Answer LocalApi::withdraw_held(std::string id) {
    const Result<Uuid> uuid = Uuid::parse(id);
    if (!uuid) co_return problem(Errc::not_found);
    const auto withdraw = [this, &uuid]() -> Response {
        const Result<void> gone = endorsements_.withdraw(*uuid);
        if (!gone) return problem(to_errc(gone.error()));
        protocol::JsonWriter writer;
        writer.begin_object().member("id", uuid->text()).member("state", "withdrawn").end_object();
        return json(200, writer.take());
    };
    co_return co_await run_blocking(services_.pool, withdraw);
}

LocalApi::Answer LocalApi::accept_endorsement(std::string id, transport::BodyReader& body) {
    const Result<Bytes> text = co_await body.read_all(kMaxEndorsementBytes);
    if (!text) co_return problem(to_errc(text.error()));
    const Result<Uuid> uuid = Uuid::parse(id);
    if (!uuid) co_return problem(Errc::not_found);
    const auto take = [this, &uuid, &text]() -> Response {
        const Checked<HandedEndorsement> handed = read_handed_endorsement(*text);
        if (!handed) return refusal(handed.error());
        const Checked<HeldView> view = endorsements_.endorse(*uuid, *handed);
        if (!view) return refusal(view.error());
        return json(view->queued ? 202 : 200, write_held(*view));
    };
    Response response = co_await run_blocking(services_.pool, take);
    services_.outbox_bell.ring();
    co_return response;
}

LocalApi::Answer LocalApi::stamp(transport::BodyReader& body) {
    const Result<Bytes> text = co_await body.read_all(kMaxEndorsementBytes);
    if (!text) co_return problem(to_errc(text.error()));
    const auto sign = [this, &text]() -> Response {
        const Checked<Bytes> notice = read_stamp_request(*text);
        if (!notice) return refusal(notice.error());
        const Checked<HandedEndorsement> stamped = endorsements_.stamp(*notice);
        if (!stamped) return refusal(stamped.error());
        return json(200, write_handed_endorsement(*stamped));
    };
    co_return co_await run_blocking(services_.pool, sign);
}

}  // namespace tongbao::client
