#include "client/daemon/hub_requests.hpp"

#include "crypto/sha256.hpp"
#include "tests/client/daemon/daemon_parts.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tongbao::client {
namespace {

using testing::DaemonParts;
using testing::StartedHub;

struct Requesting {
    StartedHub hub;
    DaemonParts daemon{hub, "dike"};
    HubRequests requests{*daemon.services};

    /// The attachment that these bytes make, as the notice at 7 names it.
    static Attachment named(const Bytes& bytes) {
        Attachment attachment;
        attachment.size = bytes.size();
        attachment.sha256 = crypto::sha256(bytes);
        return attachment;
    }
    Result<void> download(const Attachment& attachment, const Bytes& given) {
        daemon.fake.answers["GET /v1/notices/7/attachments/" + attachment.sha256.hex()] = {200,
                                                                                           given};
        return daemon.run(requests.download(LogIndex(7), attachment));
    }
    [[nodiscard]] bool here(const Attachment& attachment) const {
        return daemon.attachments->size(UnitId("dike"), attachment.sha256).has_value();
    }
};

TEST_SUITE("requests to the hub") {
    TEST_CASE_FIXTURE(Requesting, "an attachment is kept if it is what the notice names") {
        const Bytes bytes = to_bytes("a chart");
        REQUIRE(download(named(bytes), bytes).has_value());
        CHECK(here(named(bytes)));
        // Not fetched again.
        REQUIRE(download(named(bytes), {}).has_value());
        CHECK(daemon.fake.asked.size() == 1);
    }

    TEST_CASE_FIXTURE(Requesting, "other bytes under an attachment's name are not kept") {
        const Bytes bytes = to_bytes("a chart");
        const Attachment attachment = named(bytes);
        CHECK(download(attachment, to_bytes("A chart")).error() == Errc::attachment_mismatch);
        CHECK(download(attachment, to_bytes("a chart ")).error() == Errc::attachment_mismatch);
        CHECK(download(attachment, to_bytes("a char")).error() == Errc::attachment_mismatch);
        CHECK(download(attachment, {}).error() == Errc::attachment_mismatch);
        Attachment longer = attachment;
        longer.size += 1;
        CHECK(download(longer, bytes).error() == Errc::attachment_mismatch);
        CHECK_FALSE(here(attachment));
    }

    TEST_CASE_FIXTURE(Requesting, "a connection that went away while it was kept is made anew") {
        const Bytes bytes = to_bytes("a chart");
        daemon.put_file(crypto::sha256(bytes), bytes);
        daemon.fake.answers["PUT /v1/attachments/" + crypto::sha256(bytes).hex()] = {201, {}};
        daemon.fake.answers["GET /v1/charter"] = {200, to_bytes("{}")};
        daemon.fake.forgets_connections = true;
        CHECK(daemon.run(requests.get("/v1/charter", 10)).has_value());
        CHECK(daemon.run(requests.get("/v1/charter", 10)).has_value());
        CHECK(daemon.run(requests.upload(crypto::sha256(bytes))).has_value());
        CHECK(daemon.fake.uploaded == bytes);
        const Bytes other = to_bytes("another chart");
        CHECK(download(named(other), other).has_value());
        CHECK(here(named(other)));
        CHECK(daemon.fake.connections == 4);
    }

    TEST_CASE_FIXTURE(Requesting, "the hub's problem is told by its code") {
        daemon.fake.answers["GET /v1/charter"] = {
            429, to_bytes(R"({"type":"t","title":"t","status":429,"code":"too_many_requests"})")};
        CHECK(daemon.run(requests.get("/v1/charter", 10)).error() == Errc::too_many_requests);
        daemon.fake.answers["GET /v1/charter"] = {500, to_bytes("no JSON")};
        CHECK(daemon.run(requests.get("/v1/charter", 10)).error() == Errc::hub_unavailable);
        daemon.fake.answers.clear();
        CHECK(daemon.run(requests.get("/v1/charter", 10)).error() == Errc::not_found);
    }

    TEST_CASE_FIXTURE(Requesting, "after an abort nothing is asked any more") {
        requests.abort();
        CHECK(daemon.run(requests.get("/v1/register", 1000)).error() == Errc::shutting_down);
        CHECK(daemon.fake.connections == 0);
    }
}

}  // namespace
}  // namespace tongbao::client
