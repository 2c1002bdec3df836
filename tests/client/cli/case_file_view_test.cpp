#include "client/cli/case_file_view.hpp"

#include "tests/client/cli/case_stage.hpp"

#include <algorithm>
#include <sstream>
#include <string>

using namespace tongbao;
using namespace tongbao::client;
using namespace tongbao::client::testing;

namespace {

// What the parts of a case begin with; each test puts entries in.
const std::string kHead = R"({"case":")" + kCaseNumber +
                          R"(","charter":"guangdong-2020","state":"handling",)"
                          R"("flags":{"major":false},"updated_at":"2020-11-02T01:59:00.000Z")";

std::string transfer(int index, const std::string& more = R"(,"on":"logged")") {
    return said_by(index, "suspected_crime_transfer", "hsa", more);
}

std::string filing(int index) {
    return said_by(index, "police_filing_decision", "police");
}

struct CaseFileShown : CaseStage {
    [[nodiscard]] std::string table(const std::string& members) {
        const protocol::JsonDocument document = read(kHead + members + '}');
        std::ostringstream out;
        print_case_file(out, JsonView(document), words);
        return out.str();
    }
    [[nodiscard]] std::string csv(const std::string& members) {
        const protocol::JsonDocument document = read(kHead + members + '}');
        std::ostringstream out;
        print_case_file_csv(out, JsonView(document), words);
        return out.str();
    }
};

/// Two tracks, of which the police's has a decision.
std::string two_tracks() {
    return R"(,"tracks":[{"id":"criminal","unit":"police","state":"investigating",)"
           R"("since":"2020-11-02T01:20:00.000Z","open":true,"finished":false,"history":[)"
           R"({"state":"proposed","finished":false,)" +
           transfer(12) + R"(},{"state":"accepted","finished":false,)" +
           transfer(12, R"(,"on":"taken_up","unit":"police","cause":{"index":15,"sha256":"00"})") +
           R"(},{"state":"closed","finished":true,)" + filing(18) + reversed_by(19) +
           R"(},{"state":"investigating","finished":false,)" + filing(20) +
           R"(}],"decisions":[{"track":"criminal","outcome":"filed",)"
           R"("doc_no":"粤公立〔2020〕5号",)" +
           filing(20) +
           R"(}]},{"id":"admin_hsa","unit":"hsa","open":false,"finished":false,"history":[],)"
           R"("decisions":[{"track":"admin_hsa","kind":"fine","date":"2020-10-13",)" +
           said_by(30, "enforcement_info_to_health", "hsa") + R"(}]}])";
}

}  // namespace

TEST_SUITE("case file") {
    TEST_CASE_FIXTURE(CaseFileShown, "its head says what it is, since when, by whom") {
        CHECK(table(R"(,"title":"某医院骗取医保基金案","opened_at":"2020-10-31T16:30:00.000Z",)"
                    R"("opened_by":"hsa","found_at":"2020-10-01","warnings":)"
                    R"(["recovered_too_much","later_code"])") ==
              "case         440000202000001\n"
              "title        某医院骗取医保基金案\n"
              "state        handling 办理中 / handling\n"
              "opened       2020-11-01 00:30 by hsa 省医保局\n"
              "found at     2020-10-01\n"
              "last change  2020-11-02 09:59\n"
              "charter      guangdong-2020\n"
              "WARNING      more was recovered than was ordered to be returned\n"
              "WARNING      later_code\n");
    }

    TEST_CASE_FIXTURE(CaseFileShown, "its flags say until when it is supervised and by what") {
        const protocol::JsonDocument document =
            read(R"({"case":"440000202000001","state":"reopened","flags":{"major":true,)"
                 R"("supervised":{"due":"2020-12-01","resolution_no":"2020-3"}}})");
        std::ostringstream out;
        print_case_file(out, JsonView(document), words);
        CHECK(out.str() ==
              "case         440000202000001\n"
              "state        reopened 重新办理 / reopened\n"
              "flags        major, supervised until 2020-12-01 by resolution 2020-3\n");
    }

    TEST_CASE_FIXTURE(CaseFileShown,
                      "tracks stand unit by unit with every step in the log's order") {
        const std::string shown = table(two_tracks());
        const std::string tracks = shown.substr(shown.find("\npolice"));
        CHECK(tracks ==
              "\npolice 省公安厅\n"
              "  criminal 刑事侦查 / criminal investigation\n"
              "  investigating 查办中 / under investigation since 2020-11-02 09:20, holds the case "
              "open\n"
              "    time              what      says                                        on"
              "        by      notice  taken back by\n"
              "    2020-11-02 09:12  state     proposed 拟办 / proposed                    logged"
              "    hsa     12\n"
              "    2020-11-02 09:12  state     accepted 已受理 / taken up                  "
              "taken_up  police  12\n"
              "    2020-11-02 09:18  state     closed 已办结 / closed                      logged"
              "    police  18      19\n"
              "    2020-11-02 09:20  state     investigating 查办中 / under investigation  logged"
              "    police  20\n"
              "    2020-11-02 09:20  decision  filed 立案 / filed, 粤公立〔2020〕5号       logged"
              "    police  20\n"
              "\nhsa 省医保局\n"
              "  admin_hsa 医保行政查处 / administrative handling by healthcare security\n"
              "  only a decision is known\n"
              "    time              what      says                          on      by   notice  "
              "taken back by\n"
              "    2020-11-02 09:30  decision  fine 罚款 / fine, 2020-10-13  logged  hsa  30\n");
    }

    TEST_CASE_FIXTURE(CaseFileShown, "a track whose steps were all taken back says so") {
        const std::string shown =
            table(R"(,"tracks":[{"id":"criminal","unit":"police","open":false,"finished":false,)"
                  R"("history":[{"state":"proposed","finished":false,)" +
                  transfer(12) + reversed_by(13) + R"(}],"decisions":[]}])");
        CHECK(shown.find("criminal investigation\n  every step was taken back\n") !=
              std::string::npos);
    }

    TEST_CASE_FIXTURE(CaseFileShown, "money stands in yuan with what replaced it and its totals") {
        const std::string shown = table(
            R"(,"money":[{"kind":"involved","fen":123456,"total":"latest","counts":false,)" +
            transfer(12) + reversed_by(30) +
            R"(},{"kind":"involved","fen":100000,"total":"latest","counts":true,)" + transfer(30) +
            R"(},{"kind":"fine_imposed","fen":5,"total":"sum","track":"admin_hsa",)"
            R"("doc_no":"粤医保罚〔2020〕1号","counts":true,)" +
            said_by(31, "enforcement_info_to_health", "hsa") +
            R"(}],"totals":{"fine_imposed":5,"involved":100000})");
        CHECK(
            shown.substr(shown.find("\nmoney")) ==
            "\nmoney\n"
            "  time              money                                 yuan     counts  track     "
            " doc no               period  by   notice  taken back by\n"
            "  2020-11-02 09:12  involved 涉案 / involved              1234.56  no                "
            "                              hsa  12      30\n"
            "  2020-11-02 09:30  involved 涉案 / involved              1000.00  yes               "
            "                              hsa  30\n"
            "  2020-11-02 09:31  fine_imposed 罚款决定 / fine imposed  0.05     yes     admin_hsa "
            " 粤医保罚〔2020〕1号          hsa  31\n"
            "\n"
            "  in total                              yuan\n"
            "  involved 涉案 / involved              1000.00\n"
            "  fine_imposed 罚款决定 / fine imposed  0.05\n");
    }

    TEST_CASE_FIXTURE(CaseFileShown, "subjects stand as the table that the charter makes of them") {
        const std::string shown =
            table(R"(,"facts":[{"attribute":"title","value":"某案",)" + transfer(12) +
                  R"(},{"attribute":"subjects","value":[{"subject_kind":"natural_person",)"
                  R"("subject_name":"甲","subject_id_no":"440106********4512"}],)" +
                  transfer(12) + R"(},{"attribute":"subjects","value":{"detached":"abcd"},)" +
                  transfer(13) + R"(}],"raised":[{"flag":"major",)" +
                  said_by(14, "ledger_entry", "hsa") + "}]");
        CHECK(shown.find("\nsubjects  2020-11-02 09:12 by hsa, notice 12\n    对象类别") !=
              std::string::npos);
        CHECK(shown.find("  440106********4512\n") != std::string::npos);
        CHECK(shown.find("2020-11-02 09:12  title     某案 ") != std::string::npos);
        CHECK(shown.find("2020-11-02 09:13  subjects  in the attachment abcd") !=
              std::string::npos);
        CHECK(shown.find("2020-11-02 09:14  flag      major") != std::string::npos);
    }

    TEST_CASE_FIXTURE(CaseFileShown, "what the charter masks is masked here if it comes whole") {
        const std::string subjects =
            R"(,"facts":[{"attribute":"subjects","value":[{"subject_name":"甲",)"
            R"("subject_id_no":"440106199001014512"}],)" +
            transfer(12) + "}]";
        const std::string shown = table(subjects);
        CHECK(shown.find("440106********4512") != std::string::npos);
        CHECK(shown.find("440106199001014512") == std::string::npos);
    }

    TEST_CASE_FIXTURE(CaseFileShown,
                      "the notices say which opened and closed it and what they take back") {
        const std::string shown = table(R"(,"links":[{"role":"opened",)" + transfer(12) +
                                        R"(},{"role":"linked",)" + filing(18) + reversed_by(19) +
                                        R"(},{"role":"closed","closing_reason":"罚款无法执行",)" +
                                        said_by(40, "ledger_entry", "hsa") +
                                        R"(}],"reversals":[{"target":{"index":18,"sha256":"00"},)" +
                                        said_by(19, "correction", "police") + "}]");
        CHECK(
            shown.substr(shown.find("\nnotices")) ==
            "\nnotices\n"
            "  time              what                  kind                                       "
            "  by      notice  taken back by\n"
            "  2020-11-02 09:12  opened                suspected_crime_transfer 涉嫌犯罪案件移送  "
            "  hsa     12\n"
            "  2020-11-02 09:18  linked                police_filing_decision 立案（不予立案）通知"
            "  police  18      19\n"
            "  2020-11-02 09:19  takes back 18         correction 更正或撤回                      "
            "  police  19\n"
            "  2020-11-02 09:40  closed: 罚款无法执行  ledger_entry 案件台账登记（更新）          "
            "  hsa     40\n");
    }

    TEST_CASE_FIXTURE(CaseFileShown, "no value of a notice can move the cursor") {
        const std::string shown = table(
            R"(,"title":"\u001b[2J","links":[{"role":"closed",)"
            R"("closing_reason":"\u001b[2J",)" +
            transfer(12) + R"(}],"facts":[{"attribute":"title","value":"\u202e\n",)" +
            transfer(12) + R"(},{"attribute":"subjects","value":[{"subject_name":"\u001b"}],)" +
            transfer(12) + R"(}],"decisions":[{"measures":"\u001b\u202e",)" + transfer(12) + "}]");
        CHECK(shown.find('\x1B') == std::string::npos);
        CHECK(shown.find("\xE2\x80\xAE") == std::string::npos);
    }

    TEST_CASE_FIXTURE(CaseFileShown, "what an older charter wrote stands as it is") {
        const std::string shown =
            table(R"(,"tracks":[{"id":"of_old","unit":"nobody","state":"asleep","open":true,)"
                  R"("finished":false,"history":[{"state":"asleep","finished":false,)" +
                  said_by(12, "kind_of_old", "nobody") + R"(}],"decisions":[]}])");
        CHECK(shown.find("\nnobody\n  of_old\n  asleep, holds the case open\n") !=
              std::string::npos);
    }
}

TEST_SUITE("case file as CSV") {
    TEST_CASE_FIXTURE(CaseFileShown, "there is a record for each entry in the log's order") {
        const std::string all =
            csv(R"(,"money":[{"kind":"involved","fen":123456,"total":"latest","counts":false,)" +
                transfer(12) + reversed_by(30) + R"(}],"links":[{"role":"opened",)" + transfer(12) +
                "}]" + two_tracks());
        CHECK(std::count(all.begin(), all.end(), '\n') == 9);
        CHECK(all.starts_with(
            R"("case","entry","at","day","time","zone","what","name","says","track","track_unit",)"
            R"("doc_no","date","period","counts","by","on","notice","notice_sha256","kind",)"
            R"("kind_words","sender","taken_back_by")"
            "\r\n"
            R"("440000202000001","12","2020-11-02T01:12:00.000Z","2020-11-02","09:12",)"
            R"("Asia/Shanghai","link","opened","opened","","","","","","","hsa","logged","12",)"
            R"("00","suspected_crime_transfer","suspected_crime_transfer 涉嫌犯罪案件移送","hsa","")"
            "\r\n"));
        CHECK(all.find(R"("money","involved","1234.56","","","","","","no","hsa","logged","12",)"
                       R"("00","suspected_crime_transfer",)"
                       R"("suspected_crime_transfer 涉嫌犯罪案件移送","hsa","30")") !=
              std::string::npos);
        CHECK(all.find(R"("state","accepted","accepted 已受理 / taken up","criminal","police","",)"
                       R"("","","","police","taken_up","12",)") != std::string::npos);
        CHECK(all.find(R"("decision","","filed 立案 / filed, 粤公立〔2020〕5号","criminal",)"
                       R"("police","粤公立〔2020〕5号","","","","police",)") != std::string::npos);
        // In the order of the log, not of the members.
        CHECK(all.find(R"(","18",)") < all.find(R"(","20",)"));
        CHECK(all.find(R"(","20",)") < all.find(R"(","30",)"));
    }

    TEST_CASE_FIXTURE(CaseFileShown, "what a spreadsheet would take for a formula is guarded") {
        const std::string all =
            csv(R"(,"links":[{"role":"closed","closing_reason":"x",)" + transfer(12) +
                R"(}],"facts":[{"attribute":"title","value":"=cmd|'a'",)" + transfer(12) + "}]");
        CHECK(all.find(R"("'=cmd|'a'")") != std::string::npos);
    }
}
