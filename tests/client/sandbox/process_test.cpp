#include "client/sandbox/process.hpp"

#include "domain/errc.hpp"
#include "tests/support/command.hpp"

#include <doctest/doctest.h>

using namespace tongbao;
using namespace tongbao::client;
using tongbao::testing::TestDirectory;

namespace {

constexpr std::chrono::seconds kLong{30};
const std::vector<std::string> kSleep{"-c", "exec sleep 600"};

}  // namespace

TEST_SUITE("processes of a sandbox") {
    TEST_CASE("a process runs until it is asked to end") {
        const TestDirectory folder("process-ends");
        const Result<ProcessId> process = start_process("/bin/sh", kSleep, folder.path() / "log");
        REQUIRE(process.has_value());
        CHECK(is_running(*process));
        CHECK_FALSE(wait_for_end(*process, std::chrono::milliseconds(0)));
        ask_to_end(*process);
        CHECK(wait_for_end(*process, kLong));
        CHECK_FALSE(is_running(*process));
    }

    TEST_CASE("one that does not listen is killed") {
        const TestDirectory folder("process-kill");
        const std::vector<std::string> deaf{"-c", "trap '' TERM; echo deaf; exec sleep 600"};
        const Result<ProcessId> process = start_process("/bin/sh", deaf, folder.path() / "log");
        REQUIRE(process.has_value());
        kill_process(*process);
        CHECK(wait_for_end(*process, kLong));
    }

    TEST_CASE("another process with the same number is neither seen nor signalled") {
        const TestDirectory folder("process-reused");
        const Result<ProcessId> process = start_process("/bin/sh", kSleep, folder.path() / "log");
        REQUIRE(process.has_value());
        const ProcessId earlier{process->pid, process->started - 1};
        CHECK_FALSE(is_running(earlier));
        kill_process(earlier);
        ask_to_end(earlier);
        CHECK(wait_for_end(earlier, std::chrono::milliseconds(0)));
        CHECK(is_running(*process));
        kill_process(*process);
        CHECK(wait_for_end(*process, kLong));
    }

    TEST_CASE("output and errors are appended to the log file") {
        const TestDirectory folder("process-log");
        folder.write("log", "before\n");
        const std::vector<std::string> words{"-c", "echo out; echo err >&2"};
        const Result<ProcessId> process = start_process("/bin/sh", words, folder.path() / "log");
        REQUIRE(process.has_value());
        REQUIRE(wait_for_end(*process, kLong));
        CHECK(folder.read("log") == "before\nout\nerr\n");
    }

    TEST_CASE("a program that is not there is no process") {
        const TestDirectory folder("process-missing");
        CHECK(start_process("/nowhere/program", {}, folder.path() / "log").error() ==
              Errc::process_failed);
        CHECK(start_process("/bin/sh", {}, folder.path() / "no" / "log").error() ==
              Errc::storage_failure);
    }

    TEST_CASE("no process is running nowhere") {
        CHECK_FALSE(is_running(ProcessId{}));
        CHECK(wait_for_end(ProcessId{}, std::chrono::milliseconds(0)));
    }
}
