#include "tests/storage/sample_commit.hpp"

#include "domain/checkpoint.hpp"

namespace tongbao::storage {

Uuid sample_uuid(std::uint32_t number) {
    std::array<std::uint8_t, 10> random{};
    for (std::size_t i = 0; i < 4; ++i) {
        random[9 - i] = static_cast<std::uint8_t>(number >> (8 * i));
    }
    return Uuid::make(UtcTime(std::chrono::milliseconds(1)), random);
}

Digest sample_digest(std::uint8_t byte) {
    Digest::Array array{};
    array.fill(byte);
    return Digest(array);
}

Bytes sample_entry(std::uint64_t index) {
    Bytes entry = to_bytes("entry " + std::to_string(index) + " ");
    // Hardly compressible, so that flipped bytes hit contents (constants of Knuth's MMIX
    // generator).
    std::uint64_t state = index;
    for (std::uint64_t i = 0; i < index % 97; ++i) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        entry.push_back(static_cast<std::uint8_t>(state >> 56));
    }
    return entry;
}

std::string sample_checkpoint(std::uint64_t size) {
    return format_checkpoint({LogOrigin("hub.example/log"), TreeSize(size), Digest()});
}

Commit plain_commit(std::uint64_t size, std::uint64_t count) {
    Commit commit;
    commit.expected = TreeSize(size);
    for (std::uint64_t i = 0; i < count; ++i) commit.entries.push_back(sample_entry(size + i));
    for (std::uint8_t level = 0; level <= 6; ++level) {
        const int shift = 8 * (level + 1);
        for (std::uint64_t number = size >> shift; number < (size + count) >> shift; ++number) {
            commit.tiles.push_back({level, number, Bytes(8192, static_cast<std::uint8_t>(number))});
        }
    }
    commit.checkpoint = sample_checkpoint(size + count);
    return commit;
}

Commit batch_commit(std::uint64_t size, std::uint32_t count, const UnitId& unit) {
    Commit commit = plain_commit(size, count);
    StoredBatch batch{LogIndex(size), count, sample_digest(1), to_bytes("statement"), {}};
    MailboxRow row{unit, LogIndex(size), {}};
    for (std::uint32_t i = 0; i < count; ++i) {
        batch.leaves.push_back({sample_digest(2), LogIndex(size + i), sample_entry(size + i)});
        row.leaves.push_back(static_cast<std::uint16_t>(i));
    }
    commit.batches.push_back(std::move(batch));
    commit.mail.push_back(std::move(row));
    return commit;
}

UtcTime sample_time(std::int64_t seconds) {
    return UtcTime(std::chrono::seconds(1'600'000'000 + seconds));
}

std::vector<LedgerFact> sample_facts(LogIndex entry) {
    LedgerSource own;
    own.notice = own.cause = {sample_digest(0x21), entry};
    own.kind = KindId("transfer");
    own.sender = UnitId("insurance");
    own.entry = entry;
    own.at = sample_time(1);
    LedgerSource act = own;
    act.on = EffectEvent::taken_up;
    act.notice = {sample_digest(0x22), LogIndex(1)};
    act.cause = {sample_digest(0x23), entry};
    act.recipient = UnitId("police");
    const TrackName track{"criminal", UnitId("police"), true};
    return {{own, CaseOpened{}},
            {own, NoticeLinked{}},
            {own, FlagRaised{CaseFlag::major}},
            {own, TrackMoved{track, "proposed", false}},
            {own, NoticeReversed{{sample_digest(0x24), LogIndex(1)}}},
            {act, TrackMoved{{"credit", UnitId("market"), false}, "closed", true}},
            {act, CaseClosed{std::nullopt}}};
}

ClockRecord sample_clocks(LogIndex notice, const UnitId& unit, const UnitId& from) {
    ClockRecord record;
    record.notice = notice;
    record.unit = unit;
    record.sha256 = sample_digest(1);
    record.id = sample_uuid(1);
    record.kind = KindId("transfer");
    record.from = from;
    record.taking_up = true;
    KeptClock receipt;
    receipt.limit = {{1, TimeUnit::working_day},
                     FreeDayRule::next_working_day,
                     Strength::statutory,
                     std::nullopt};
    KeptClock report;
    report.id = {ClockId::Purpose::reply, 0, {}};
    report.asked = KindId("report");
    report.from = ClockStart::fixed;
    report.start = MomentOrDay(LocalDay(std::chrono::days(18'500)));
    report.limit = {{2, TimeUnit::month},
                    FreeDayRule::none,
                    Strength::office_default,
                    Duration{10, TimeUnit::day}};
    KeptClock row;
    row.id = {ClockId::Purpose::reply, 3, "乙"};
    row.asked = KindId("progress");
    row.owed = false;
    row.named = MomentOrDay(sample_time(90));
    record.clocks = {receipt, report, row};
    record.steps = {{{-8, EscalationTime::Unit::hours}, EscalationDeed::remind},
                    {{0, EscalationTime::Unit::hours}, EscalationDeed::mark_overdue},
                    {{10, EscalationTime::Unit::working_days}, EscalationDeed::supervise}};
    record.history.logged_at = sample_time(0);
    record.history.delivered_at = sample_time(1);
    record.history.signed_for_at = sample_time(2);
    record.history.answers = {{LogIndex(2), sample_time(3), {report.id, row.id}, sample_time(5)},
                              {LogIndex(3), sample_time(4), {}, std::nullopt}};
    record.history.extensions = {
        {LogIndex(4), sample_time(6), sample_time(100), {report.id}, std::nullopt}};
    record.done = {{0, 0, 0, sample_time(7), sample_time(8), LogIndex(4)},
                   {1, 0, 0, sample_time(9), sample_time(10), LogIndex(5)}};
    record.indexes = {sample_time(50), {{1, sample_time(100)}, {2, std::nullopt}}};
    return record;
}

Commit rich_commit() {
    Commit commit = plain_commit(0, 6);
    commit.register_entries = {LogIndex(0)};
    commit.records = {{LogIndex(2), to_bytes("what entry 2 hides")}};
    commit.batches = {
        {LogIndex(1),
         4,
         sample_digest(0x11),
         to_bytes("first statement"),
         {{sample_digest(1), LogIndex(1), to_bytes("notice one")},
          {sample_digest(2), LogIndex(2), to_bytes("notice two")},
          {sample_digest(3), std::nullopt, {}},
          {sample_digest(4), LogIndex(3), {}},
          {sample_digest(5), LogIndex(4), to_bytes("notice four")}}},
        {LogIndex(5),
         1,
         sample_digest(0x22),
         to_bytes("second statement"),
         {{sample_digest(6), LogIndex(5), to_bytes("an act")}}},
    };
    commit.mail = {{UnitId("police"), LogIndex(1), {0, 1, 4}},
                   {UnitId("audit"), LogIndex(1), {4}},
                   {UnitId("police"), LogIndex(5), {0}}};
    commit.identifiers = {
        {sample_uuid(1), UnitId("insurance"), LogIndex(1), sample_digest(1)},
        {sample_uuid(2), UnitId("insurance"), LogIndex(2), sample_digest(2)},
        {sample_uuid(1), UnitId("audit"), LogIndex(4), sample_digest(5)},
    };
    commit.states = {{LogIndex(1), UnitId("police"), 3}, {LogIndex(1), UnitId("audit"), 1}};
    commit.clocks = {{sample_clocks(LogIndex(1), UnitId("police"), UnitId("insurance")), {}}};
    commit.calendar = sample_digest(0x33);
    commit.trails = {{LogIndex(1), LogIndex(5)}, {LogIndex(1), LogIndex(4)}};
    // No unit has division 990000, so no case has this number.
    commit.case_numbers = {CaseNumber("440000202600001"), CaseNumber("440000202600002")};
    commit.case_heads = {{CaseNumber("440000202600001"), CharterId("sample"), true},
                         {CaseNumber("440000202600002"), CharterId("sample"), false}};
    commit.case_parties = {{CaseNumber("440000202600001"), UnitId("insurance")},
                           {CaseNumber("440000202600001"), UnitId("police")},
                           {CaseNumber("440000202600001"), UnitId("police")}};
    commit.case_facts = {{CaseNumber("440000202600001"), sample_facts(LogIndex(4))}};
    commit.cases = {{CaseNumber("990000202600001"), LogIndex(4)},
                    {CaseNumber("990000202600001"), LogIndex(1)}};
    return commit;
}

}  // namespace tongbao::storage
