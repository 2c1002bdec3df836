#include "domain/clock_terms.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace tongbao;

namespace {

/// An invented charter: `tasks` asks for a `report` on each row, which its number ties to it.
Charter charter_of_tasks() {
    ReplyRule reply;
    reply.kind = KindId("report");
    reply.within = {Within::Source::deadline, "week"};
    reply.rows = "tasks";
    reply.row_key = "number";
    Kind tasks;
    tasks.id = KindId("tasks");
    tasks.replies = {reply};
    CharterParts parts;
    parts.deadlines.emplace("week", Deadline());
    parts.kinds = {tasks};
    return Charter(std::move(parts));
}

Row task(Scalar number) {
    Row row;
    row.cells = {{"number", std::move(number)}};
    return row;
}

Notice report_on(FieldValue number) {
    Notice report;
    report.kind = KindId("report");
    report.fields = {{"number", std::move(number)}};
    return report;
}

}  // namespace

TEST_SUITE("terms of clocks") {
    TEST_CASE("an answer names its row by the key whatever type that has") {
        const Charter charter = charter_of_tasks();
        Notice tasks;
        tasks.kind = KindId("tasks");
        tasks.to = {UnitId("dike")};
        tasks.fields = {{"tasks", Table{task(std::int64_t{1}), task(std::int64_t{2}),
                                        task(std::string("c")), task(true)}}};
        const auto terms = clock_terms(charter, tasks, UnitId("dike"));
        REQUIRE(terms.has_value());
        const auto rows_stopped_by = [&](FieldValue number) {
            std::vector<std::string> rows;
            for (const ClockId& clock :
                 clocks_stopped_by(charter, tasks, report_on(std::move(number)), *terms)) {
                rows.push_back(clock.row);
            }
            return rows;
        };
        CHECK(rows_stopped_by(std::int64_t{2}) == std::vector<std::string>{"2"});
        CHECK(rows_stopped_by(std::string("c")) == std::vector<std::string>{"c"});
        CHECK(rows_stopped_by(true) == std::vector<std::string>{"true"});
        CHECK(rows_stopped_by(std::int64_t{3}).empty());
        CHECK(rows_stopped_by(Table{task(std::int64_t{2})}).empty());
        Notice silent = report_on(true);
        silent.fields.clear();
        CHECK(clocks_stopped_by(charter, tasks, silent, *terms).empty());
    }
}
