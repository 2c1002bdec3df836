#include "storage/sqlite_ledger_piece.hpp"

#include "storage/ledger_records.hpp"
#include "storage/sqlite_ledger_columns.hpp"
#include "storage/sqlite_ledger_hand_ins.hpp"
#include "storage/sqlite_ledger_schema.hpp"
#include "storage/sqlite_ledger_values.hpp"

#include <utility>

namespace tongbao::storage {
namespace {

constexpr const char* kNoticeColumns =
    "SELECT idx, sha256, id, at, case_no, in_reply_to, takes_deeds, bytes FROM notices ";

Result<LedgerNotice> notice_in(const Query& row) {
    LedgerNotice notice;
    notice.ref.index = LogIndex(row.number(0));
    const Result<Digest> digest = digest_in(row.bytes(1));
    if (!digest) return digest.error();
    notice.ref.sha256 = *digest;
    const Result<NoticeId> id = id_in(row.bytes(2));
    if (!id) return id.error();
    notice.id = *id;
    notice.at = time_of(row.integer(3));
    if (!row.is_none(4)) notice.case_number = CaseNumber(row.text(4));
    if (!row.is_none(5)) {
        const Result<NoticeId> asked = id_in(row.bytes(5));
        if (!asked) return asked.error();
        notice.in_reply_to = *asked;
    }
    notice.takes_deeds = row.integer(6) != 0;
    notice.bytes = row.bytes(7);
    return notice;
}

Result<std::vector<LedgerNotice>> notices_in(Query query) {
    std::vector<LedgerNotice> notices;
    for (;;) {
        const Result<RowStep> stepped = query.step();
        if (!stepped) return stepped.error();
        if (*stepped == RowStep::end) return notices;
        Result<LedgerNotice> notice = notice_in(query);
        if (!notice) return notice.error();
        notices.push_back(*std::move(notice));
    }
}

Result<LedgerDeed> deed_in(const Query& row, LogIndex notice) {
    LedgerDeed deed;
    deed.cause.index = LogIndex(row.number(0));
    const Result<Digest> sha256 = digest_in(row.bytes(1));
    if (!sha256) return sha256.error();
    deed.notice = {*sha256, notice};
    deed.unit = UnitId(row.text(2));
    const Result<Digest> cause = digest_in(row.bytes(3));
    if (!cause) return cause.error();
    deed.cause.sha256 = *cause;
    deed.at = time_of(row.integer(4));
    deed.place = static_cast<std::uint32_t>(row.integer(5));
    if (!row.is_none(6)) {
        const std::int64_t act = row.integer(6);
        if (act < 0 || act > static_cast<std::int64_t>(ActKind::declined)) {
            return Errc::storage_corrupt;
        }
        deed.act = static_cast<ActKind>(act);
    }
    deed.has_reason = row.integer(7) != 0;
    deed.waits = row.integer(8) != 0;
    return deed;
}

class SqliteLedgerPiece final : public LedgerPiece {
public:
    SqliteLedgerPiece(SqliteDb& database, KeptHistories& kept, std::unique_lock<std::mutex> lock,
                      Transaction transaction)
        : database_(database),
          kept_(kept),
          lock_(std::move(lock)),
          transaction_(std::move(transaction)) {}

    ~SqliteLedgerPiece() override {
        // What was read of the piece itself is gone with it.
        if (!committed_) kept_.clear();
    }

    Result<std::optional<LedgerNotice>> find_notice(LogIndex index) override {
        Result<Query> query = database_.query(std::string(kNoticeColumns) + "WHERE idx = ?");
        if (!query) return query.error();
        query->bind(index.value());
        Result<std::vector<LedgerNotice>> found = notices_in(*std::move(query));
        if (!found) return found.error();
        if (found->empty()) return std::optional<LedgerNotice>();
        return std::optional(std::move(found->front()));
    }

    Result<NoticeUse> use_of(LogIndex index) override {
        Result<Query> query = database_.query("SELECT takes_deeds FROM notices WHERE idx = ?");
        if (!query) return query.error();
        const Result<RowStep> stepped = query->bind(index.value()).step();
        if (!stepped) return stepped.error();
        if (*stepped == RowStep::end) return NoticeUse::unknown;
        return query->integer(0) != 0 ? NoticeUse::with_deeds : NoticeUse::without_deeds;
    }

    Result<std::vector<LedgerNotice>> notices_with_id(const NoticeId& id) override {
        return notices_where("WHERE id = ? ORDER BY idx", id);
    }

    Result<std::vector<LedgerNotice>> answers_to(const NoticeId& id) override {
        return notices_where("WHERE in_reply_to = ? ORDER BY idx", id);
    }

    Result<void> add_notice(const LedgerNotice& notice) override {
        Result<Query> query = database_.query(
            "INSERT INTO notices(idx, sha256, id, at, case_no, in_reply_to, takes_deeds, bytes) "
            "VALUES(?, ?, ?, ?, ?, ?, ?, ?)");
        if (!query) return query.error();
        query->bind(notice.ref.index.value())
            .bind(BytesView(notice.ref.sha256.bytes()))
            .bind(BytesView(notice.id.value().array()))
            .bind(count_of(notice.at));
        if (notice.case_number) {
            query->bind(std::string_view(notice.case_number->value()));
        } else {
            query->bind_none();
        }
        if (notice.in_reply_to) {
            query->bind(BytesView(notice.in_reply_to->value().array()));
        } else {
            query->bind_none();
        }
        return query->bind_flag(notice.takes_deeds).bind(BytesView(notice.bytes)).run();
    }

    Result<void> count_skipped() override {
        const Result<std::optional<std::int64_t>> before = read_meta(database_, meta_key::kSkipped);
        if (!before) return before.error();
        return write_meta(database_, meta_key::kSkipped, before->value_or(0) + 1);
    }

    Result<std::vector<LedgerDeed>> deeds_at(LogIndex notice) override {
        Result<Query> query = database_.query(
            "SELECT entry, sha256, unit, cause, at, place, act, has_reason, waits FROM deeds "
            "WHERE notice = ? ORDER BY entry");
        if (!query) return query.error();
        query->bind(notice.value());
        std::vector<LedgerDeed> deeds;
        for (;;) {
            const Result<RowStep> stepped = query->step();
            if (!stepped) return stepped.error();
            if (*stepped == RowStep::end) return deeds;
            Result<LedgerDeed> deed = deed_in(*query, notice);
            if (!deed) return deed.error();
            deeds.push_back(*std::move(deed));
        }
    }

    Result<void> add_deed(const LedgerDeed& deed) override {
        Result<Query> query = database_.query(
            "INSERT INTO deeds(notice, entry, sha256, unit, cause, at, place, act, has_reason, "
            "waits) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        if (!query) return query.error();
        query->bind(deed.notice.index.value())
            .bind(deed.cause.index.value())
            .bind(BytesView(deed.notice.sha256.bytes()))
            .bind(std::string_view(deed.unit.value()))
            .bind(BytesView(deed.cause.sha256.bytes()))
            .bind(count_of(deed.at))
            .bind(std::int64_t{deed.place});
        if (deed.act) {
            query->bind(static_cast<std::int64_t>(*deed.act));
        } else {
            query->bind_none();
        }
        return query->bind_flag(deed.has_reason).bind_flag(deed.waits).run();
    }

    Result<void> drop_deed(LogIndex notice, LogIndex entry) override {
        Result<Query> query = database_.query("DELETE FROM deeds WHERE notice = ? AND entry = ?");
        if (!query) return query.error();
        return query->bind(notice.value()).bind(entry.value()).run();
    }

    Result<void> end_waiting(LogIndex notice) override {
        return at_notice("UPDATE deeds SET waits = 0 WHERE notice = ?", notice);
    }

    Result<void> drop_deeds(LogIndex notice) override {
        return at_notice("DELETE FROM deeds WHERE notice = ?", notice);
    }

    Result<void> add_hand_in(const HandIn& hand_in) override {
        return write_hand_in(database_, hand_in);
    }

    Result<void> add_taking(const LedgerTaking& taking) override {
        return write_taking(database_, taking);
    }

    Result<const CaseHistory*> history(const CaseNumber& number) override {
        if (const CaseHistory* const known = kept_.find(number)) return known;
        Result<std::optional<CaseHistory>> read = read_history(database_, number);
        if (!read) return read.error();
        const CaseHistory* const none = nullptr;
        return *read ? kept_.keep(**std::move(read)) : none;
    }

    Result<void> add_row(const LedgerRow& row) override {
        Result<Query> query = database_.query(
            "INSERT INTO events(case_no, entry, place, notice, body, refused) "
            "VALUES(?, ?, ?, ?, ?, ?)");
        if (!query) return query.error();
        query->bind(std::string_view(row.plan.case_number.value()))
            .bind(row.plan.source.entry.value())
            .bind(std::int64_t{row.place})
            .bind(row.plan.source.notice.index.value())
            .bind(BytesView(encode_plan(row.plan)));
        if (row.refused.empty()) {
            query->bind_none();
            // One that lies behind the last is read with all others when it is asked for.
            kept_.write(row.plan);
        } else {
            query->bind(BytesView(encode_reasons(row.refused)));
        }
        return query->run();
    }

    Result<void> drop_rows_of(LogIndex notice) override {
        kept_.clear();
        return at_notice("DELETE FROM events WHERE notice = ?", notice);
    }

    Result<void> put_columns(const CaseColumns& columns) override {
        return write_columns(database_, columns);
    }

    Result<void> drop_columns(const CaseNumber& number) override {
        return remove_columns(database_, number);
    }

    Result<void> touch_columns(const CaseNumber& number, UtcTime at) override {
        Result<Query> query = database_.query("UPDATE cases SET updated_at = ? WHERE case_no = ?");
        if (!query) return query.error();
        return query->bind(count_of(at)).bind(std::string_view(number.value())).run();
    }

    Result<void> set_positions(const LedgerPositions& positions) override {
        if (positions.batch) {
            const Result<void> batch = write_meta(
                database_, meta_key::kBatch, static_cast<std::int64_t>(positions.batch->value()));
            if (!batch) return batch.error();
        }
        return write_meta(database_, meta_key::kSettled,
                          static_cast<std::int64_t>(positions.settled));
    }

    Result<void> commit() override {
        const Result<void> done = transaction_.commit();
        committed_ = done.has_value();
        return done;
    }

private:
    Result<std::vector<LedgerNotice>> notices_where(const char* where, const NoticeId& id) {
        Result<Query> query = database_.query(std::string(kNoticeColumns) + where);
        if (!query) return query.error();
        query->bind(BytesView(id.value().array()));
        return notices_in(*std::move(query));
    }

    Result<void> at_notice(const char* sql, LogIndex notice) {
        Result<Query> query = database_.query(sql);
        if (!query) return query.error();
        return query->bind(notice.value()).run();
    }

    SqliteDb& database_;
    KeptHistories& kept_;
    std::unique_lock<std::mutex> lock_;
    Transaction transaction_;
    bool committed_{false};
};

}  // namespace

const CaseHistory* KeptHistories::find(const CaseNumber& number) const {
    const auto found = histories_.find(number);
    return found == histories_.end() ? nullptr : &found->second;
}

const CaseHistory* KeptHistories::keep(CaseHistory history) {
    if (facts_ + history.facts.size() > kMaxKeptFacts) clear();
    facts_ += history.facts.size();
    CaseNumber number = history.number;
    return &histories_.insert_or_assign(std::move(number), std::move(history)).first->second;
}

void KeptHistories::write(const LedgerPlan& plan) {
    const auto found = histories_.find(plan.case_number);
    if (found == histories_.end()) return;
    if (write_plan(found->second, plan)) {
        facts_ += plan.changes.size();
        return;
    }
    facts_ -= found->second.facts.size();
    histories_.erase(found);
}

void KeptHistories::clear() noexcept {
    histories_.clear();
    facts_ = 0;
}

Result<std::unique_ptr<LedgerPiece>> begin_piece(SqliteDb& database, KeptHistories& kept,
                                                 std::unique_lock<std::mutex> lock) {
    Result<Transaction> transaction = Transaction::open(database, "BEGIN IMMEDIATE");
    if (!transaction) return transaction.error();
    return std::unique_ptr<LedgerPiece>(std::make_unique<SqliteLedgerPiece>(
        database, kept, std::move(lock), *std::move(transaction)));
}

Result<std::optional<CaseHistory>> read_history(SqliteDb& database, const CaseNumber& number) {
    Result<Query> query = database.query(
        "SELECT body FROM events WHERE case_no = ? AND refused IS NULL ORDER BY entry, place");
    if (!query) return query.error();
    query->bind(std::string_view(number.value()));
    std::optional<CaseHistory> history;
    for (;;) {
        const Result<RowStep> stepped = query->step();
        if (!stepped) return stepped.error();
        if (*stepped == RowStep::end) return history;
        Result<LedgerPlan> plan = decode_plan(number, query->bytes(0));
        if (!plan) return plan.error();
        if (!history) history = CaseHistory{number, plan->charter, {}};
        for (LedgerChange& change : plan->changes) {
            history->facts.push_back({plan->source, std::move(change)});
        }
    }
}

}  // namespace tongbao::storage
