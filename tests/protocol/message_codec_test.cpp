#include "protocol/message_codec.hpp"

#include "protocol/act_json.hpp"
#include "protocol/limits.hpp"
#include "protocol/log_entry_json.hpp"
#include "protocol/notice_json.hpp"

#include "samples.hpp"
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

using namespace tongbao;
using namespace tongbao::protocol;
using samples::digest_of;
using samples::from_spaced_hex;
using samples::hex_of;

namespace {

HeadUpdate head() {
    return {"— note\n", {digest_of(0x21), digest_of(0x22)}};
}

EntryRun run() {
    // The third differs from the first in a byte, which is shorter than the whole of it.
    return {LogIndex(40),
            {Bytes(16, 7), digest_of(0x23), Bytes{7, 7, 8, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7}},
            {digest_of(0x24)}};
}

/// Each message once with everything and once with as little as it can have.
std::vector<Message> message_samples() {
    const LeafOutcome refused =
        LeafRefused{LogIndex(42),
                    {{Errc::missing_field, "fields.甲", "a number"}, {Errc::unknown_kind, "", ""}}};
    return {
        Hello{1, LogIndex(5), TreeSize(6)},
        Hello{65535, std::nullopt, TreeSize(0)},
        Submit{7, {1, 2, 3}, {{4}, {}, {5, 6}}},
        Submit{0, {}, {}},
        Credit{LogIndex(0xffffffffffffffffu)},
        Welcome{1, "hub.sample.example/log", digest_of(0x20), head()},
        Outcome{9,
                {LeafAccepted{LogIndex(40), false},
                 LeafAccepted{LogIndex(3), true, {{7, 9}, {digest_of(0x29)}}}, refused,
                 LeafRefused{std::nullopt, {}}},
                head(),
                run()},
        Outcome{0, {}, {}, {}},
        BatchRefused{9, {Errc::bad_signature, "statement", "x"}},
        Delivery{LogIndex(40),
                 digest_of(0x25),
                 {1, 2},
                 {DeliveredLeaf{LogIndex(40), {9}}, digest_of(0x26)},
                 head(),
                 run()},
        Delivery{},
        Farewell{{Errc::shutting_down, "", ""}},
    };
}

bool refused(const Bytes& frame) {
    const Result<Message> message = decode(frame);
    return message.has_error() && message.error() == Errc::protocol_violation;
}

bool survives(const Message& message) {
    const Result<Message> read = decode(encode(message));
    return read.has_value() && *read == message;
}

Outcome outcome_of(std::size_t leaves, const LeafOutcome& each) {
    Outcome outcome;
    outcome.leaves.assign(leaves, each);
    return outcome;
}

/// Notices as small as they can be, 1,024 to a full batch.
Notice small_notice() {
    Notice notice;
    notice.id = NoticeId(samples::uuid_of(samples::kNoticeId));
    notice.charter = CharterId(std::string(20, 'c'));
    notice.charter_version = CharterVersion(1);
    notice.kind = KindId(std::string(20, 'k'));
    notice.from = UnitId("a");
    notice.to = {UnitId("b")};
    notice.title = "t";
    notice.secrecy = "L";
    notice.urgency = "n";
    while (write_notice(notice).size() + 4 <= kMaxBatchBytes / kMaxLeavesPerBatch) {
        notice.to.push_back(UnitId("b"));
    }
    return notice;
}

Bytes logged_entry(const Notice& notice) {
    LogEntry entry;
    entry.event = LoggedEvent{
        {}, notice.from, notice.to, notice.cc, notice.kind, notice.charter, notice.charter_version,
        {}};
    return to_bytes(write_log_entry(entry));
}

Bytes replied_entry(const Notice& notice) {
    const NoticeRef ref{digest_of(1), LogIndex(9007199254740991u)};
    LogEntry entry;
    entry.event = RepliedEvent{notice.from, ref, ref};
    return to_bytes(write_log_entry(entry));
}

}  // namespace

TEST_SUITE("messages as bytes") {
    TEST_CASE("a Hello has the bytes that the protocol's description gives") {
        CHECK(encode(Hello{2, LogIndex(5), TreeSize(0x0102)}) ==
              from_spaced_hex("01 0002 01 0000000000000005 0000000000000102"));
        CHECK(encode(Hello{2, std::nullopt, TreeSize(0)}) ==
              from_spaced_hex("01 0002 00 0000000000000000"));
    }

    TEST_CASE("a Submit has the bytes that the protocol's description gives") {
        CHECK(encode(Submit{0x0a, {0xde, 0xad}, {{0x7b, 0x7d}, {0x31}}}) ==
              from_spaced_hex("02 000000000000000a 00000002 dead 00000002 00000002 7b7d "
                              "00000001 31 00000000"));
        CHECK(encode(Submit{0x0a, {0xde, 0xad}, {{0x7b, 0x7d}, {0x31}}, {{1, {{0xbe, 0xef}}}}}) ==
              from_spaced_hex("02 000000000000000a 00000002 dead 00000002 00000002 7b7d "
                              "00000001 31 00000001 0001 00000001 00000002 beef"));
    }

    TEST_CASE("the other messages have the bytes that the protocol's description gives") {
        const std::string empty_head = " 00000000 00000000";
        const std::string empty_run = " 0000000000000000 00000000 00000000";
        CHECK(encode(Credit{LogIndex(17)}) == from_spaced_hex("03 0000000000000011"));
        CHECK(encode(Welcome{1, "ab", digest_of(0x20), {"n\n", {digest_of(0x21)}}}) ==
              from_spaced_hex("10 0001 00000002 6162 " + hex_of("20") + " 00000002 6e0a 00000001 " +
                              hex_of("21")));
        // 6e6f745f666f756e64 is not_found.
        CHECK(
            encode(Outcome{1,
                           {LeafAccepted{LogIndex(2), false},
                            LeafAccepted{LogIndex(3), true, {{0xdd}, {digest_of(0x29)}}},
                            LeafRefused{LogIndex(4), {{Errc::not_found, "p", "e"}}}, LeafRefused{}},
                           {},
                           {}}) ==
            from_spaced_hex("11 0000000000000001 00000004 00 0000000000000002 "
                            "01 0000000000000003 00000001 dd 00000001 " +
                            hex_of("29") +
                            " 02 01 0000000000000004 00000001 00000009 6e6f745f666f756e64 00000001 "
                            "70 00000001 65 02 00 00000000" +
                            empty_head + empty_run));
        CHECK(encode(BatchRefused{1, {Errc::not_found, "", ""}}) ==
              from_spaced_hex("12 0000000000000001 00000009 6e6f745f666f756e64 00000000 00000000"));
        CHECK(encode(Delivery{LogIndex(8),
                              digest_of(0x25),
                              {0xaa},
                              {DeliveredLeaf{LogIndex(9), {0xbb}}, digest_of(0x26)},
                              {},
                              {LogIndex(8), {Bytes{0xcc}, digest_of(0x27)}, {digest_of(0x28)}}}) ==
              from_spaced_hex("13 0000000000000008 " + hex_of("25") +
                              " 00000001 aa 00000002 00 0000000000000009 00000001 bb 01 " +
                              hex_of("26") + empty_head +
                              " 0000000000000008 00000002 00 00000001 cc 01 " + hex_of("27") +
                              " 00000001 " + hex_of("28") + " 00000000"));
        CHECK(encode(Farewell{{Errc::not_found, "", ""}}) ==
              from_spaced_hex("20 00000009 6e6f745f666f756e64 00000000 00000000"));
    }

    TEST_CASE("a repetition has the bytes that the protocol's description gives") {
        const LeafAccepted earlier{LogIndex(3), true, {{0xcc}, {digest_of(0x21)}}};
        CHECK(encode(Outcome{1, {earlier}, {}, {}}) ==
              from_spaced_hex("11 0000000000000001 00000001 01 0000000000000003 00000001 cc "
                              "00000001 " +
                              hex_of("21") +
                              " 00000000 00000000 0000000000000000 00000000 00000000"));
    }

    TEST_CASE("every message comes back as it was") {
        std::set<std::size_t> kinds;
        for (const Message& message : message_samples()) {
            CAPTURE(message.index());
            CHECK(survives(message));
            kinds.insert(message.index());
        }
        CHECK(kinds.size() == std::variant_size_v<Message>);
    }

    TEST_CASE("a message cut at any byte or with one byte more is refused") {
        for (const Message& message : message_samples()) {
            Bytes frame = encode(message);
            CAPTURE(message.index());
            for (std::size_t size = 0; size < frame.size(); ++size) {
                CAPTURE(size);
                CHECK(refused(
                    Bytes(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size))));
            }
            frame.push_back(0);
            CHECK(refused(frame));
        }
    }

    TEST_CASE("a type that is not in the table is refused") {
        const std::set<std::uint8_t> known{1, 2, 3, 16, 17, 18, 19, 32};
        for (unsigned type = 0; type < 256; ++type) {
            if (known.contains(static_cast<std::uint8_t>(type))) continue;
            CAPTURE(type);
            Bytes frame(64, 0);
            frame[0] = static_cast<std::uint8_t>(type);
            CHECK(refused(frame));
            CHECK(refused({static_cast<std::uint8_t>(type)}));
        }
    }

    TEST_CASE("a tag that is not in the table is refused") {
        CHECK(refused(from_spaced_hex("01 0001 02 0000000000000005 0000000000000102")));
        CHECK(refused(from_spaced_hex("01 0001 ff 0000000000000005 0000000000000102")));
        const std::string head_and_run = " 00000000 00000000 0000000000000000 00000000 00000000";
        CHECK(decode(from_spaced_hex("11 0000000000000001 00000001 00 0000000000000002" +
                                     head_and_run))
                  .has_value());
        CHECK(refused(
            from_spaced_hex("11 0000000000000001 00000001 03 0000000000000002" + head_and_run)));
        CHECK(
            refused(from_spaced_hex("11 0000000000000001 00000001 02 02 00000000" + head_and_run)));
        const std::string delivery = "13 0000000000000008 " + hex_of("25") + " 00000000 00000001 ";
        const std::string end = head_and_run + " 00000000";
        CHECK(decode(from_spaced_hex(delivery + "01 " + hex_of("26") + end)).has_value());
        CHECK(refused(from_spaced_hex(delivery + "02 " + hex_of("26") + end)));
        const std::string outcome =
            "11 0000000000000001 00000000 00000000 00000000 0000000000000000 00000001 ";
        CHECK(decode(from_spaced_hex(outcome + "01 " + hex_of("26") + " 00000000")).has_value());
        CHECK(refused(from_spaced_hex(outcome + "03 " + hex_of("26") + " 00000000")));
    }

    TEST_CASE("a code that is unknown and text that is not UTF-8 are refused") {
        CHECK(decode(from_spaced_hex("20 00000009 6e6f745f666f756e64 00000000 00000000"))
                  .has_value());
        CHECK(refused(from_spaced_hex("20 00000009 6e6f745f666f756e65 00000000 00000000")));
        CHECK(refused(from_spaced_hex("20 00000000 00000000 00000000")));
        CHECK(refused(from_spaced_hex("20 00000009 6e6f745f666f756e64 00000001 ff 00000000")));
        CHECK(refused(from_spaced_hex("20 00000009 6e6f745f666f756e64 00000000 00000001 c3")));
    }

    TEST_CASE("a count that the frame can not hold is refused before anything is allocated") {
        const std::string frames[] = {
            "02 000000000000000a ffffffff",                    // statement
            "02 000000000000000a 00000000 ffffffff",           // leaves
            "02 000000000000000a 00000000 00000001 ffffffff",  // a leaf
            "10 0001 ffffffff",                                // origin
            "11 0000000000000001 ffffffff",                    // outcomes
            "11 0000000000000001 00000001 02 00 ffffffff",     // reasons
            "11 0000000000000001 00000001 02 00 00000001 ffffffff",
            "11 0000000000000001 00000000 ffffffff",           // checkpoint
            "11 0000000000000001 00000000 00000000 ffffffff",  // consistency
            "11 0000000000000001 00000000 00000000 00000000 0000000000000000 ffffffff",
        };
        for (const std::string& frame : frames) {
            CAPTURE(frame);
            CHECK(refused(from_spaced_hex(frame)));
        }
    }

    TEST_CASE("each limit passes and one more is refused") {
        CHECK(survives(Submit{1, Bytes(kMaxStatementBytes, 1), {{}}}));
        CHECK(refused(encode(Submit{1, Bytes(kMaxStatementBytes + 1, 1), {{}}})));
        CHECK(survives(Submit{1, {}, {Bytes(kMaxNoticeBytes, 1)}}));
        CHECK(refused(encode(Submit{1, {}, {Bytes(kMaxNoticeBytes + 1, 1)}})));
        CHECK(survives(Submit{1, {}, std::vector<Bytes>(kMaxLeavesPerBatch)}));
        CHECK(refused(encode(Submit{1, {}, std::vector<Bytes>(kMaxLeavesPerBatch + 1)})));

        CHECK(survives(Welcome{1, "x", {}, {std::string(kMaxCheckpointBytes, 'c'), {}}}));
        CHECK(
            refused(encode(Welcome{1, "x", {}, {std::string(kMaxCheckpointBytes + 1, 'c'), {}}})));
        CHECK(survives(Welcome{1, std::string(8192, 'o'), {}, {}}));
        CHECK(refused(encode(Welcome{1, std::string(8193, 'o'), {}, {}})));
        CHECK(survives(Welcome{1, "x", {}, {"", std::vector<Digest>(128)}}));
        CHECK(refused(encode(Welcome{1, "x", {}, {"", std::vector<Digest>(129)}})));

        CHECK(survives(outcome_of(kMaxLeavesPerBatch, LeafAccepted{})));
        CHECK(refused(encode(outcome_of(kMaxLeavesPerBatch + 1, LeafAccepted{}))));
        const auto repeated = [](std::size_t size, std::size_t steps) {
            return outcome_of(
                1, LeafAccepted{LogIndex(0), true, {Bytes(size, 1), std::vector<Digest>(steps)}});
        };
        CHECK(survives(repeated(kMaxShownEntryBytes, 64)));
        CHECK(refused(encode(repeated(kMaxShownEntryBytes + 1, 0))));
        CHECK(refused(encode(repeated(0, 65))));
        const auto with_run = [](std::size_t entries, std::size_t size) {
            return Outcome{
                1, {}, {}, {LogIndex(0), std::vector<EntryOrHash>(entries, Bytes(size, 1)), {}}};
        };
        CHECK(survives(with_run(2 * kMaxLeavesPerBatch, 0)));
        CHECK(refused(encode(with_run(2 * kMaxLeavesPerBatch + 1, 0))));
        CHECK(survives(with_run(1, kMaxShownEntryBytes)));
        CHECK(refused(encode(with_run(1, kMaxShownEntryBytes + 1))));

        Delivery delivery;
        delivery.leaves.assign(kMaxLeavesPerBatch, digest_of(1));
        CHECK(survives(delivery));
        delivery.leaves.assign(kMaxLeavesPerBatch + 1, digest_of(1));
        CHECK(refused(encode(delivery)));
        delivery.leaves.assign(1, DeliveredLeaf{LogIndex(0), Bytes(kMaxNoticeBytes, 1)});
        CHECK(survives(delivery));
        delivery.leaves.assign(1, DeliveredLeaf{LogIndex(0), Bytes(kMaxNoticeBytes + 1, 1)});
        CHECK(refused(encode(delivery)));
    }

    TEST_CASE("a batch that is too large is still read so that it can be refused by its number") {
        CHECK(survives(Submit{1, {}, std::vector<Bytes>(32, Bytes(kMaxBatchBytes / 16, 1))}));
    }

    TEST_CASE("a frame beyond the limit is refused by its size") {
        CHECK(decode(Bytes(kMaxFrameBytes + 1, 1)).error() == Errc::too_large);
        CHECK(refused(Bytes(kMaxFrameBytes, 1)));
        CHECK(refused({}));
    }

    TEST_CASE("what a refusal says is cut so that the other side can read it") {
        // 1,023 bytes, then a character of three: it may not be cut in the middle.
        const std::string long_text = std::string(1023, 'x') + "甲" + std::string(5000, 'y');
        const Message message = Farewell{{Errc::bad_value, long_text, long_text}};
        const Result<Message> read = decode(encode(message));
        REQUIRE(read.has_value());
        const Reason& reason = std::get<Farewell>(*read).reason;
        CHECK(reason.place == std::string(1023, 'x'));
        CHECK(reason.explanation == std::string(1023, 'x'));
        CHECK(
            survives(Farewell{{Errc::bad_value, std::string(1024, 'p'), std::string(1024, 'e')}}));
    }

    TEST_CASE("an answer to a batch with more faults than a frame holds can be read") {
        const Reason fault{Errc::missing_field, std::string(1100, 'p'), std::string(1100, 'e')};
        const Bytes frame = encode(outcome_of(1024, LeafRefused{LogIndex(1), Reasons(2, fault)}));
        CHECK(frame.size() <= kMaxFrameBytes / 4);
        const Result<Message> read = decode(frame);
        REQUIRE(read.has_value());
        const Outcome& outcome = std::get<Outcome>(*read);
        REQUIRE(outcome.leaves.size() == 1024);
        for (const LeafOutcome& leaf : outcome.leaves) {
            REQUIRE(std::holds_alternative<LeafRefused>(leaf));
            REQUIRE_FALSE(std::get<LeafRefused>(leaf).reasons.empty());
            CHECK(std::get<LeafRefused>(leaf).reasons.front().code == Errc::missing_field);
        }
        CHECK(std::get<LeafRefused>(outcome.leaves.front()).reasons.size() == 2);
        CHECK(std::get<LeafRefused>(outcome.leaves.back()).reasons.size() == 1);

        // 257 reasons that fit the budget: the limit a leaf.
        const LeafOutcome many =
            LeafRefused{std::nullopt, Reasons(257, Reason{Errc::bad_value, "a", ""})};
        const Result<Message> limited = decode(encode(outcome_of(1, many)));
        REQUIRE(limited.has_value());
        CHECK(std::get<LeafRefused>(std::get<Outcome>(*limited).leaves[0]).reasons.size() == 256);
    }

    TEST_CASE("the delivery of the fullest batch fits a frame") {
        const Notice notice = small_notice();
        const std::string text = write_notice(notice);
        REQUIRE(text.size() * kMaxLeavesPerBatch <= kMaxBatchBytes);
        Delivery delivery;
        delivery.statement.assign(kMaxStatementBytes, 1);
        delivery.head.checkpoint.assign(kMaxCheckpointBytes, 'c');
        delivery.head.consistency.resize(128);
        delivery.run.proof.resize(128);
        for (std::size_t i = 0; i < kMaxLeavesPerBatch; ++i) {
            delivery.leaves.push_back(DeliveredLeaf{LogIndex(i), to_bytes(text)});
            delivery.run.entries.push_back(logged_entry(notice));
            delivery.run.entries.push_back(replied_entry(notice));
        }
        const Bytes frame = encode(delivery);
        CAPTURE(frame.size());
        CHECK(frame.size() <= kMaxFrameBytes);
        CHECK(decode(frame).has_value());
    }

    TEST_CASE("the answer to the fullest batch fits a frame though every leaf is repeated") {
        LeafAccepted again{LogIndex(0), true, {logged_entry(small_notice()), {}}};
        again.earlier.path.resize(kMaxInclusionDigests);
        Outcome outcome = outcome_of(kMaxLeavesPerBatch, again);
        outcome.head.checkpoint.assign(kMaxCheckpointBytes, 'c');
        outcome.head.consistency.resize(128);
        const Bytes frame = encode(outcome);
        CAPTURE(frame.size());
        CHECK(frame.size() <= kMaxFrameBytes);
        CHECK(decode(frame).has_value());
    }
}
