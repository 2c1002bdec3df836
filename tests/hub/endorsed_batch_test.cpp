// Who sees of a batch by whom its notices were endorsed.

#include "hub/register_start.hpp"
#include "protocol/submission_json.hpp"
#include "tests/hub/endorsed_hub.hpp"
#include "tests/hub/served_hub.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace tongbao::hub {
namespace {

using testing::Endorsers;
using testing::leaf_of;
using testing::numbered_alarm;
using testing::numbered_report;
using testing::ServedHub;

/// A served hub with a batch of reeds: an alarm to dike, which nobody endorses, and a report to
/// lake with its two.
struct Shown : ServedHub {
    Shown() {
        testing::adopt_trust_domain(*this);
        const Endorsers endorsers(*this);
        LogParts parts = log();
        REQUIRE(bring_register_up_to_date(deployment, parts, enrolled.path(), clock, words)
                    .has_value());
        std::vector<Bytes> leaves;
        Notice alarm = numbered_alarm(1);
        alarm.from = UnitId("reeds");
        for (Notice notice : {alarm, numbered_report(2)}) {
            std::get<Attachment>(notice.attachments.front()).sha256 = upload("reeds", "ten bytes.");
            leaves.push_back(leaf_of(notice));
        }
        first = next_index(store.size());
        protocol::Submit submit = submission("reeds", leaves);
        submit.endorsements = {{1,
                                {endorsers.sign(*this, "reeds/reviewer", "reviewer", leaves[1]),
                                 endorsers.sign(*this, "reeds/issuer", "issuer", leaves[1])}}};
        const testing::Answered answer = ask(daemon("reeds"), "POST", "/v1/batches",
                                             as_bytes(protocol::write_submission(submit)));
        REQUIRE(answer.status == 200);
        REQUIRE(store.size().value() == first.value() + 2);
        for (const Bytes& each : submit.endorsements.front().statements) {
            given.push_back(to_base64(each));
        }
    }

    /// What the caller sees of who endorsed the alarm and the report.
    std::vector<std::vector<std::string>> seen(const SpiffeId& caller, std::uint64_t offset) {
        const testing::Answered answer =
            ask(caller, "GET", "/v1/batches/" + std::to_string(advanced(first, offset).value()));
        REQUIRE(answer.status == 200);
        std::vector<std::vector<std::string>> found;
        const auto batch = nlohmann::json::parse(answer.text());
        for (const auto& leaf : batch.at("leaves")) {
            found.push_back(leaf.value("endorsements", std::vector<std::string>()));
        }
        return found;
    }

    LogIndex first;
    std::vector<std::string> given;
};

TEST_SUITE("endorsements of a batch") {
    TEST_CASE("only who may read a notice and who audits the log see who endorsed it") {
        Shown hub;
        for (const SpiffeId& caller :
             {hub.auditor(), hub.daemon("office"), hub.daemon("lake"), hub.daemon("reeds")}) {
            CAPTURE(format_spiffe_id(caller));
            CHECK(hub.seen(caller, 1) == std::vector<std::vector<std::string>>{{}, hub.given});
        }
        // Dike has the alarm, and by it the batch.
        const SpiffeId dike = hub.daemon("dike");
        CHECK(hub.seen(dike, 0) == std::vector<std::vector<std::string>>{{}, {}});
        CHECK(hub.status(dike, "GET",
                         "/v1/batches/" + std::to_string(advanced(hub.first, 1).value())) == 404);
    }
}

}  // namespace
}  // namespace tongbao::hub
