#include "hub/upload_sweep.hpp"

#include "crypto/sha256.hpp"
#include "protocol/limits.hpp"
#include "tests/hub/served_hub.hpp"
#include "tests/protocol/notice_fixture.hpp"
#include "tests/support/faulty_hub_store.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <string>

namespace tongbao::hub {
namespace {

using testing::kLake;
using testing::ServedHub;

/// A hub to which lake uploads. Files have the computer's times, so a sweep is told those.
struct Uploading : ServedHub {
    [[nodiscard]] static UtcTime now() {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }

    Digest put(const std::string& text) {
        const Digest sha256 = crypto::sha256(as_bytes(text));
        const auto answer =
            ask(daemon("lake"), "PUT", "/v1/attachments/" + sha256.hex(), as_bytes(text));
        CHECK((answer.status == 200 || answer.status == 201));
        return sha256;
    }
    void send(std::uint16_t number, const std::string& file) {
        Notice notice = testing::numbered_alarm(number);
        auto& chart = std::get<Attachment>(notice.attachments.front());
        chart.sha256 = crypto::sha256(as_bytes(file));
        chart.size = file.size();
        REQUIRE(submit("lake", {testing::leaf_of(notice)}).status == 200);
    }
    void age(const Digest& sha256, std::chrono::hours by) {
        const std::string name = sha256.hex();
        std::filesystem::last_write_time(
            files.path() / "attachments" / "lake" / name.substr(0, 2) / name,
            std::filesystem::file_time_type::clock::now() - by);
    }
    [[nodiscard]] bool has(const Digest& sha256) const {
        return kept->size(kLake, sha256).has_value();
    }
    storage::Swept sweep(UploadLedger& ledger) {
        return testing::must(sweep_uploads(*kept, store, ledger, now()));
    }
};

TEST_SUITE("sweep of uploads") {
    TEST_CASE_FIXTURE(Uploading, "what no notice named within a day is removed, and nothing else") {
        const Digest named = put("named");
        send(1, "named");
        const Digest young = put("young");
        const Digest old = put("old");
        const Digest again = put("brought again");
        for (const Digest& each : {named, old, again}) age(each, std::chrono::hours(25));
        age(young, std::chrono::hours(23));
        // Whoever asks is told that it is there: it must be there when he names it.
        CHECK(put("brought again") == again);
        UploadLedger ledger(clock, 1 << 30);
        const storage::Swept swept = sweep(ledger);
        CHECK(swept.files == 1);
        CHECK(swept.bytes == 3);
        CHECK(has(named));
        CHECK(has(young));
        CHECK(has(again));
        CHECK_FALSE(has(old));
        CHECK(sweep(ledger).files == 0);
    }

    TEST_CASE_FIXTURE(Uploading, "an admission that relies on an old file keeps it") {
        const Digest old = put("old");
        age(old, std::chrono::hours(48));
        // Judged, and not logged yet.
        Notice notice = testing::numbered_alarm(1);
        auto& chart = std::get<Attachment>(notice.attachments.front());
        chart.sha256 = old;
        chart.size = 3;
        const auto admitted =
            admitting->admit(kLake, submission("lake", {testing::leaf_of(notice)}));
        REQUIRE(admitted.has_value());
        CHECK(admitted->leaves().front().reasons.empty());
        UploadLedger ledger(clock, 1 << 30);
        CHECK(sweep(ledger).files == 0);
        CHECK(has(old));
    }

    TEST_CASE_FIXTURE(Uploading, "a hub that starts anew counts what is stored and unnamed") {
        put("named");
        send(1, "named");
        put("first");
        put("second");
        testing::ManualClock today(now());
        // Room for the largest beside two of the least that is counted, and no more.
        UploadLedger ledger(today, protocol::kMaxAttachmentBytes + 2 * UploadLedger::kLeastCounted);
        CHECK(sweep(ledger).files == 0);
        CHECK(ledger.begin(kLake).has_value());
        put("third");
        CHECK(sweep(ledger).files == 0);
        CHECK(ledger.begin(kLake).error() == Errc::too_many_requests);
        send(2, "third");
        ledger.named(kLake, crypto::sha256(as_bytes(std::string("third"))));
        CHECK(ledger.begin(kLake).has_value());
    }

    TEST_CASE_FIXTURE(Uploading,
                      "a file that a notice names while it is looked at does not count") {
        const Digest late = put("late");
        testing::ManualClock today(now());
        // Room for one upload while nothing counts, and for none beside the least that does.
        UploadLedger before(today, protocol::kMaxAttachmentBytes);
        CHECK(sweep(before).files == 0);
        CHECK(before.begin(kLake).error() == Errc::too_many_requests);
        // The sweep was just told that no notice names it; the ledger hears of the notice before
        // the sweep has the file counted.
        UploadLedger ledger(today, protocol::kMaxAttachmentBytes);
        storage::FaultyHubStore changing(store, 0, storage::FaultyHubStore::When::before);
        changing.after_naming([&] {
            send(1, "late");
            ledger.named(kLake, late);
        });
        CHECK(testing::must(sweep_uploads(*kept, changing, ledger, now())).files == 0);
        CHECK(*store.naming({kLake, late}) == storage::Naming::named);
        CHECK(ledger.begin(kLake).has_value());
    }
}

}  // namespace
}  // namespace tongbao::hub
