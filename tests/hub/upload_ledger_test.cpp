#include "hub/upload_ledger.hpp"

#include "crypto/sha256.hpp"
#include "protocol/limits.hpp"
#include "tests/hub/served_hub.hpp"
#include "tests/protocol/notice_fixture.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace tongbao::hub {
namespace {

using protocol::kMaxAttachmentBytes;
using testing::kLake;
using testing::ManualClock;

const UnitId kDike("dike");

/// Room for two attachments of the largest size.
struct Counting {
    ManualClock clock{testing::TestPki::kNow};
    UploadLedger ledger{clock, 2 * kMaxAttachmentBytes};

    [[nodiscard]] static Digest digest(std::uint8_t byte) { return Digest(Digest::Array{byte}); }

    /// Uploads a file; whether the unit may.
    bool upload(const UnitId& unit, std::uint8_t name, std::uint64_t size) {
        Result<UploadLedger::Upload> begun = ledger.begin(unit);
        if (!begun) {
            CHECK(begun.error() == Errc::too_many_requests);
            return false;
        }
        begun->keep(digest(name), size);
        return true;
    }
    [[nodiscard]] bool may(const UnitId& unit) { return ledger.begin(unit).has_value(); }

    [[nodiscard]] static Notice naming(const UnitId& from, std::uint8_t name) {
        Notice notice = testing::alarm();
        notice.from = from;
        std::get<Attachment>(notice.attachments.front()).sha256 = digest(name);
        return notice;
    }
};

TEST_SUITE("upload ledger") {
    TEST_CASE_FIXTURE(Counting, "what no notice names is bounded, for each unit by itself") {
        CHECK(upload(kLake, 1, kMaxAttachmentBytes));
        CHECK(upload(kLake, 2, 1));
        // One more of the largest size would not fit.
        CHECK_FALSE(may(kLake));
        CHECK(may(kDike));
    }

    TEST_CASE_FIXTURE(Counting, "what a logged notice of the unit names counts no more") {
        CHECK(upload(kLake, 1, kMaxAttachmentBytes));
        CHECK(upload(kLake, 2, kMaxAttachmentBytes));
        ledger.named_by(naming(kDike, 1));
        CHECK_FALSE(may(kLake));
        ledger.named_by(naming(kLake, 9));
        CHECK_FALSE(may(kLake));
        ledger.named_by(naming(kLake, 1));
        ledger.named_by(naming(kLake, 1));  // once
        CHECK(upload(kLake, 3, kMaxAttachmentBytes));
        CHECK_FALSE(may(kLake));
    }

    TEST_CASE_FIXTURE(Counting, "an upload under way counts as the largest until it ends") {
        Result<UploadLedger::Upload> first = ledger.begin(kLake);
        {
            const Result<UploadLedger::Upload> second = ledger.begin(kLake);
            CHECK(second.has_value());
            CHECK_FALSE(may(kLake));
        }
        CHECK(may(kLake));
        first->keep(digest(1), 10);
        CHECK(upload(kLake, 2, 10));
        CHECK(upload(kLake, 3, kMaxAttachmentBytes));
        CHECK_FALSE(may(kLake));
    }

    TEST_CASE_FIXTURE(Counting, "the same file counts once, an empty file counts too") {
        for (int i = 0; i < 10; ++i) CHECK(upload(kLake, 1, kMaxAttachmentBytes));
        const std::uint64_t fit = kMaxAttachmentBytes / UploadLedger::kLeastCounted;
        std::uint64_t taken = 0;
        for (std::uint64_t i = 0; i <= fit; ++i) {
            Result<UploadLedger::Upload> begun = ledger.begin(kLake);
            if (!begun) break;
            begun->keep(crypto::sha256(as_bytes(std::to_string(i))), 0);
            ++taken;
        }
        CHECK(taken == 1);
    }

    TEST_CASE_FIXTURE(Counting, "what was stored before a start counts from then, and once") {
        const UtcTime start = clock.now();
        ledger.restore(kLake, digest(1), kMaxAttachmentBytes, start - std::chrono::hours(20));
        ledger.restore(kLake, digest(1), kMaxAttachmentBytes, start);
        ledger.restore(kLake, digest(2), 1, start - std::chrono::hours(1));
        CHECK_FALSE(may(kLake));
        CHECK(may(kDike));
        ledger.named(kLake, digest(2));
        CHECK(may(kLake));
        ledger.restore(kLake, digest(3), 1, start);
        CHECK_FALSE(may(kLake));
        clock.set(start + std::chrono::hours(4));
        CHECK(may(kLake));
    }

    TEST_CASE_FIXTURE(Counting, "after a day it counts no more") {
        CHECK(upload(kLake, 1, kMaxAttachmentBytes));
        CHECK(upload(kLake, 2, kMaxAttachmentBytes));
        const UtcTime start = clock.now();
        clock.set(start + UploadLedger::kWindow - std::chrono::milliseconds(1));
        CHECK_FALSE(may(kLake));
        clock.set(start + UploadLedger::kWindow + std::chrono::minutes(1));
        CHECK(may(kLake));
    }

    TEST_CASE("the hub refuses the upload beyond the bound until a notice names the files") {
        testing::ServedHub hub;
        // Each upload counts as the largest while it is under way: three at once are the bound.
        Result<UploadLedger::Upload> first = hub.uploads.begin(kLake);
        Result<UploadLedger::Upload> second = hub.uploads.begin(kLake);
        const std::string text = "ten bytes.";
        const auto put = [&hub](const std::string& body) {
            const Digest sha256 = crypto::sha256(as_bytes(body));
            return hub.ask(hub.daemon("lake"), "PUT", "/v1/attachments/" + sha256.hex(),
                           as_bytes(body));
        };
        CHECK(put(text).status == 201);
        const testing::Answered refused = put("another");
        CHECK(refused.status == 429);
        CHECK(refused.text().find("too_many_requests") != std::string::npos);
        CHECK(put(text).status == 200);  // it is there
        Notice notice = testing::numbered_alarm(1);
        std::get<Attachment>(notice.attachments.front()).sha256 = crypto::sha256(as_bytes(text));
        std::get<Attachment>(notice.attachments.front()).size = text.size();
        CHECK(hub.submit("lake", {testing::leaf_of(notice)}).status == 200);
        CHECK(put("another").status == 201);
    }
}

}  // namespace
}  // namespace tongbao::hub
