#include "client/cli/notice_view.hpp"

#include "protocol/charter_json.hpp"
#include "tests/client/cli/fake_daemon.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>

using namespace tongbao;
using namespace tongbao::client;

namespace {

// 44009918000101002X: no county is 440099, nobody was born in 1800.
struct Transfer {
    Charter charter =
        std::get<Charter>(protocol::load_charter(client::testing::charter_text("guangdong-2020")));
    Notice notice;
    MaskingDone done{};

    Transfer() {
        notice.id = NoticeId(*Uuid::parse("0190163d-8694-739b-aea5-966c26f8ad91"));
        notice.charter = CharterId("guangdong-2020");
        notice.charter_version = CharterVersion(1);
        notice.kind = KindId("suspected_crime_transfer");
        notice.from = UnitId("hsa");
        notice.to = {UnitId("police")};
        notice.title = "标题";
        Row row;
        row.cells = {{"subject_id_no", std::string("44009918000101002X")}};
        notice.fields = {{"involved_fen", std::int64_t{123456}},
                         {"inspection_needed", true},
                         {"subjects", Table{row}},
                         {"facts", std::string("第一行\n第二行\x1B[2J")}};
        notice.attachments = {NoAttachment{"property_list"}};
    }

    [[nodiscard]] std::string print(Masking masking) {
        std::ostringstream out;
        done = print_notice(out, notice, charter, masking);
        return out.str();
    }
};

}  // namespace

TEST_SUITE("a notice for a person") {
    TEST_CASE_FIXTURE(Transfer, "fields bear the charter's titles in both languages") {
        const std::string text = print(Masking::masked);
        CHECK(has(text,
                  "suspected_crime_transfer  涉嫌犯罪案件移送 / Transfer of a suspected crime"));
        CHECK(has(text, "involved_fen  涉案金额（分） / amount involved"));
        CHECK(has(text, "1234.56 yuan (123456 fen)"));
        CHECK(has(text, "true 是"));
        CHECK(has(text, "(declared: none)"));
    }

    TEST_CASE_FIXTURE(Transfer, "what the charter masks is masked unless asked for") {
        const std::string masked = print(Masking::masked);
        CHECK(has(masked, "440099********002X"));
        CHECK_FALSE(has(masked, "44009918000101002X"));
        CHECK(done == MaskingDone::some);
        const std::string shown = print(Masking::shown);
        CHECK(has(shown, "44009918000101002X"));
        CHECK(done == MaskingDone::nothing);
    }

    TEST_CASE_FIXTURE(Transfer, "a value keeps its lines and can't steer the terminal") {
        notice.title = "标题\nfrom        police";
        const std::string text = print(Masking::masked);
        CHECK(has(text, "    第一行\n    第二行\\u{1B}[2J\n"));
        CHECK(has(text, "标题\\nfrom        police"));
        CHECK_FALSE(has(text, "\x1B"));
    }

    TEST_CASE_FIXTURE(Transfer, "a kind and fields that the charter does not know are shown bare") {
        notice.kind = KindId("later_kind");
        const std::string text = print(Masking::masked);
        CHECK(has(text, "kind        later_kind\n"));
        CHECK(has(text, "  involved_fen\n    123456\n"));
        CHECK(has(text, "subject_id_no"));
    }
}
