#include "client/cli/case_list_view.hpp"

#include "client/cli/case_totals_view.hpp"
#include "tests/client/cli/case_stage.hpp"

#include <sstream>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;

namespace {

/// Opened on 1 November at half past midnight in Guangdong, which in UTC is the day before.
constexpr const char* kRow =
    R"({"case":"440000202000001","title":"某医院骗取医保基金案","state":"handling",)"
    R"("opened_at":"2020-10-31T16:30:00.000Z","opened_by":"hsa","flags":["major","supervised"],)"
    R"("tracks":[{"id":"criminal","unit":"police","state":"investigating",)"
    R"("since":"2020-11-02T01:00:00.000Z","open":true},)"
    R"({"id":"health","unit":"health","open":false}],)"
    R"("money":{"fine_imposed":5,"involved":123456},"updated_at":"2020-11-02T01:00:00.000Z"})";

struct CaseList : CaseStage {
    using Print = void (*)(std::ostream&, const CaseRows&, const CaseWords&);
    [[nodiscard]] std::string shown(Print print, const std::vector<std::string>& texts) const {
        std::vector<protocol::JsonDocument> documents;
        for (const std::string& text : texts) documents.push_back(read(text));
        CaseRows rows;
        for (const protocol::JsonDocument& each : documents) rows.push_back(&each.root());
        std::ostringstream out;
        print(out, rows, words);
        return out.str();
    }
};

struct Totals : CaseStage {
    TotalsShown asked{{parse_day("2020-10-01").value(), parse_day("2020-12-31").value()}, "", ""};

    using Print = void (*)(std::ostream&, const JsonView&, const TotalsShown&, const CaseWords&);
    [[nodiscard]] std::string shown(Print print, const std::string& text) const {
        const protocol::JsonDocument document = read(text);
        std::ostringstream out;
        print(out, JsonView(document), asked, words);
        return out.str();
    }
};

}  // namespace

TEST_SUITE("list of cases") {
    TEST_CASE_FIXTURE(CaseList, "the table has a line for each case with its tracks and money") {
        CHECK(shown(&print_case_table,
                    {kRow, R"({"case":"440000202000002","state":"registered","flags":[],)"
                           R"("tracks":[],"money":{},"updated_at":"2020-11-02T01:00:00.000Z"})"}) ==
              "case             state       opened      by   title                 tracks"
              "                           money                                flags\n"
              "440000202000001  handling    2020-11-01  hsa  某医院骗取医保基金案  "
              "criminal: investigating, health  involved 1234.56, fine_imposed 0.05  major, "
              "supervised\n"
              "440000202000002  registered\n");
    }

    TEST_CASE_FIXTURE(CaseList, "a title can neither move the cursor nor push columns aside") {
        const std::string row = R"({"case":"440000202000001","state":"handling","title":")";
        CHECK(
            shown(&print_case_table, {row + R"(\u001b[2J\u202e"})"}).find("\\u{1B}[2J\\u{202E}") !=
            std::string::npos);
        std::string letters;
        for (int i = 0; i < 41; ++i) letters += "案";
        const std::string cut = shown(&print_case_table, {row + letters + "\"}"});
        CHECK(cut.find(letters) == std::string::npos);
        CHECK(cut.find(letters.substr(0, 40 * 3) + "…") != std::string::npos);
    }

    TEST_CASE_FIXTURE(CaseList, "subjects that stand in other cases too have a column") {
        const std::string table =
            shown(&print_case_table, {R"({"case":"440000202000001","state":"handling",)"
                                      R"("subjects":["914401********1234","H44010000001"]})"});
        CHECK(table.find("in other cases too\n") != std::string::npos);
        CHECK(table.find("914401********1234, H44010000001\n") != std::string::npos);
    }

    TEST_CASE_FIXTURE(CaseList, "CSV has a column for each track and money of the charter") {
        CHECK(
            shown(&print_case_csv, {kRow}) ==
            R"("case","state","state_words","opened_at","opened_day","opened_time","zone",)"
            R"("opened_by","title","flags","open_tracks","track_admin_hsa","track_agreement",)"
            R"("track_criminal","track_prosecution","track_health","track_audit","track_market",)"
            R"("track_drug","track_credit","track_exposure","involved_yuan","loss_yuan",)"
            R"("return_ordered_yuan","recovered_yuan","fine_imposed_yuan","fine_paid_yuan",)"
            R"("confiscated_yuan","seized_yuan","subjects","updated_at")"
            "\r\n"
            R"("440000202000001","handling","handling 办理中 / handling",)"
            R"("2020-10-31T16:30:00.000Z","2020-11-01","00:30","Asia/Shanghai","hsa",)"
            R"("某医院骗取医保基金案","major, supervised","criminal","","","investigating","","","",)"
            R"("","","","","1234.56","","","","0.05","","","","","2020-11-02T01:00:00.000Z")"
            "\r\n");
    }

    TEST_CASE_FIXTURE(CaseList, "CSV guards against formulas and keeps what the charter lacks") {
        const std::string csv =
            shown(&print_case_csv,
                  {R"({"case":"440000202000001","state":"=cmd","title":"=cmd|'a'",)"
                   R"("tracks":[{"id":"finance","unit":"finance","state":"closed","open":false}],)"
                   R"("money":{"of_old":7}})"});
        CHECK(csv.find(R"("'=cmd|'a'")") != std::string::npos);
        CHECK(csv.find(R"("track_exposure","track_finance","involved_yuan")") != std::string::npos);
        CHECK(csv.find(R"("seized_yuan","of_old_yuan","subjects")") != std::string::npos);
        CHECK(csv.find(R"("closed")") != std::string::npos);
        CHECK(csv.find(R"("0.07")") != std::string::npos);
    }
}

TEST_SUITE("totals of the ledger") {
    TEST_CASE_FIXTURE(Totals, "each kind of money of the charter stands there with two decimals") {
        CHECK(shown(&print_case_totals,
                    R"({"money":{"recovered":100000000,"involved":123456,"of_old":7},)"
                    R"("cases":3,"opened":2,"concluded":1})") ==
              "from       2020-10-01 00:00\n"
              "until      2020-12-31 24:00\n"
              "\n"
              "money                                     yuan\n"
              "involved 涉案 / involved                     1234.56\n"
              "loss 基金损失 / loss                            0.00\n"
              "return_ordered 责令退回 / return ordered        0.00\n"
              "recovered 已退回 / recovered              1000000.00\n"
              "fine_imposed 罚款决定 / fine imposed            0.00\n"
              "fine_paid 罚款缴纳 / fine paid                  0.00\n"
              "confiscated 没收 / confiscated                  0.00\n"
              "seized 查扣 / seized                            0.00\n"
              "of_old                                          0.07\n"
              "\n"
              "cases      3\n"
              "opened     2\n"
              "concluded  1\n");
    }

    TEST_CASE_FIXTURE(Totals, "of all there is they say neither days nor unit") {
        asked = {};
        CHECK(shown(&print_case_totals, R"({"money":{},"cases":0,"opened":0,"concluded":0})")
                  .starts_with("money "));
        asked.unit = "police";
        asked.division = "440000";
        CHECK(shown(&print_case_totals, R"({"money":{},"cases":0,"opened":0,"concluded":0})")
                  .starts_with("said by    police 省公安厅\ndivision   440000\n\nmoney "));
    }

    TEST_CASE_FIXTURE(Totals, "CSV has a record for each kind of money and each count") {
        asked.unit = "police";
        const std::string csv =
            shown(&print_case_totals_csv,
                  R"({"money":{"involved":123456},"cases":3,"opened":2,"concluded":1})");
        CHECK(csv.starts_with(R"("from_day","until_day","zone","unit","division","what",)"
                              R"("what_words","yuan","count")"
                              "\r\n"
                              R"("2020-10-01","2020-12-31","Asia/Shanghai","police","","involved",)"
                              R"("involved 涉案 / involved","1234.56","")"
                              "\r\n"));
        CHECK(csv.ends_with(R"("2020-10-01","2020-12-31","Asia/Shanghai","police","","concluded",)"
                            R"("","","1")"
                            "\r\n"));
    }
}
