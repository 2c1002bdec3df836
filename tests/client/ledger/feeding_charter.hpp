#pragma once

#include "client/ledger/ledger_fold.hpp"
#include "protocol/notice_json.hpp"
#include "storage/ledger_database.hpp"
#include "tests/domain/ledger_fixture.hpp"
#include "tests/storage/temporary_folder.hpp"
#include "tests/support/must.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tongbao::testing {

/// An invented charter whose kinds have effects at everything that a recipient may do: `question`
/// opens a case, is to be taken up, and asks for an `answer` that is final; a `remark` belongs to a
/// case and asks for nothing; a `correction` takes back; a `letter` has no case. `office` keeps.
inline Charter feeding_charter() {
    using Source = TrackTarget::Source;
    CharterParts parts = lake_charter().parts();
    parts.id = CharterId("feeding");
    parts.ledger.kept_by = UnitId("office");
    const TrackTarget recipient{Source::of_recipient, ""};
    Effect opening = step_of(CaseStep::open);
    opening.facts = {{"title", "matter"}, {"subjects", "subjects"}};
    opening.money = {{"involved", "involved_fen"}};
    Kind question = kind_of("question", CaseUse::may_open,
                            {opening, track_effect(recipient, {false, "proposed"}),
                             track_effect(recipient, {false, "delivered"}, EffectEvent::delivered),
                             track_effect(recipient, {false, "signed"}, EffectEvent::signed_for),
                             track_effect(recipient, {false, "accepted"}, EffectEvent::taken_up),
                             track_effect(recipient, {false, "declined"}, EffectEvent::declined),
                             track_effect(recipient, {false, "closed"}, EffectEvent::replied)});
    question.accept.required = true;
    question.accept.decline = DeclineRule::with_reason;
    ReplyRule reply;
    reply.kind = KindId("answer");
    reply.satisfied_when = Condition{"reply.final == true", {}};
    question.replies = {reply};
    question.fields = {field_rule("matter", FieldType::text),
                       field_rule("subjects", FieldType::table)};
    question.fields.back().table = "subjects";
    Effect own = track_effect({Source::of_sender, ""}, {true, "state"});
    own.money = {{"recovered", "recovered_fen"}};
    own.decision = {{"doc_no", "number"}};
    Kind answer = kind_of("answer", CaseUse::optional, {step_of(CaseStep::link), own});
    answer.reply = ReplyUse::required;
    answer.fields = {field_rule("final", FieldType::boolean)};
    Kind remark = kind_of("remark", CaseUse::required, {step_of(CaseStep::link)});
    Effect back = effect_of();
    back.reverses_answered = true;
    Kind correction = kind_of("correction", CaseUse::optional, {step_of(CaseStep::link), back});
    correction.reply = ReplyUse::required;
    correction.answers = AnswersTo::own_notice;
    Kind letter = kind_of("letter", CaseUse::none, {});
    TableType subjects;
    subjects.columns = {
        field_rule("uscc", FieldType::uscc), field_rule("code", FieldType::medins_code),
        field_rule("number", FieldType::cn_id), field_rule("name", FieldType::text)};
    subjects.columns[2].masked = true;
    parts.tables.emplace("subjects", std::move(subjects));
    parts.kinds = {std::move(question), std::move(answer), std::move(remark), std::move(correction),
                   std::move(letter)};
    if (!bind_conditions(parts).empty()) throw std::logic_error("the invented charter is broken");
    return Charter(std::move(parts));
}

/// A notice of it, such as a daemon could have written; the number makes its identifier.
inline Notice fed_notice(const char* kind, const char* from, std::vector<UnitId> to,
                         std::uint32_t number) {
    Notice notice = lake_notice(kind, from, {}, std::move(to));
    notice.charter = CharterId("feeding");
    notice.charter_version = CharterVersion(1);
    std::array<std::uint8_t, 10> random{};
    random[8] = static_cast<std::uint8_t>(number >> 8U);
    random[9] = static_cast<std::uint8_t>(number);
    notice.id = NoticeId(Uuid::make(UtcTime(std::chrono::hours(500'000)), random));
    notice.title = "t";
    notice.secrecy = "s";
    notice.urgency = "u";
    return notice;
}

/// A leaf with its place in an invented log.
struct LoggedLeaf {
    std::variant<Notice, Act> leaf;
    NoticeRef ref;
    UtcTime at{};
    std::optional<CaseNumber> case_number;

    [[nodiscard]] const UnitId& from() const {
        return std::visit([](const auto& each) -> const UnitId& { return each.from; }, leaf);
    }
};

inline NoticeRef fed_ref(std::uint64_t index) {
    Digest::Array bytes{};
    bytes[0] = 0xFE;
    bytes[30] = static_cast<std::uint8_t>(index >> 8U);
    bytes[31] = static_cast<std::uint8_t>(index);
    return {Digest(bytes), LogIndex(index)};
}

inline UtcTime fed_moment(std::uint64_t index) {
    return UtcTime(std::chrono::sys_days(std::chrono::year(2020) / 11 / 2)) +
           std::chrono::minutes(static_cast<long>(index));
}

inline LoggedLeaf logged_notice(Notice notice, std::uint64_t index,
                                std::optional<CaseNumber> case_number) {
    return {std::move(notice), fed_ref(index), fed_moment(index), std::move(case_number)};
}

inline LoggedLeaf logged_act(ActKind kind, const char* from, std::vector<NoticeRef> notices,
                             std::uint64_t index, const char* reason = nullptr) {
    Act act;
    act.kind = kind;
    act.from = UnitId(from);
    act.notices = std::move(notices);
    if (reason != nullptr) act.reason = reason;
    return {std::move(act), fed_ref(index), fed_moment(index), std::nullopt};
}

/// A ledger in a folder of its own.
class FedLedger {
public:
    FedLedger(const Charter& charter, LedgerRole role)
        : charter_(charter),
          role_(role),
          maker_{UnitId("dike"), role, Digest()},
          ledger_(must(storage::create_ledger(file(), maker_, {}))) {}

    /// One piece; given up before its commit if `crash`.
    void feed(const std::vector<const LoggedLeaf*>& leaves, bool crash = false) {
        const auto piece = must(ledger_->begin());
        client::LedgerFold fold(charter_, role_, *piece);
        for (const LoggedLeaf* const leaf : leaves) feed(fold, *leaf);
        if (!fold.finish()) throw std::logic_error("finish failed");
        if (!crash && !piece->commit()) throw std::logic_error("commit failed");
    }
    void feed(const std::vector<LoggedLeaf>& leaves) {
        std::vector<const LoggedLeaf*> all;
        for (const LoggedLeaf& leaf : leaves) all.push_back(&leaf);
        feed(all);
    }

    [[nodiscard]] const storage::LedgerDatabase& ledger() const { return *ledger_; }
    [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "ledger.sqlite"; }
    [[nodiscard]] CaseFile shown(const char* number) const {
        return case_file_of(must(ledger_->read_case(CaseNumber(number))));
    }

private:
    static void feed(client::LedgerFold& fold, const LoggedLeaf& leaf) {
        Result<void> done{};
        if (const auto* const act = std::get_if<Act>(&leaf.leaf)) {
            done = fold.take(client::FedAct{*act, leaf.ref, leaf.at});
        } else {
            const Notice& notice = std::get<Notice>(leaf.leaf);
            const std::string text = protocol::write_notice(notice);
            done = fold.take(
                client::FedNotice{notice, as_bytes(text), leaf.ref, leaf.case_number, leaf.at});
        }
        if (!done) throw std::logic_error("not taken: " + done.error().message());
    }

    const storage::TemporaryFolder folder_{storage::memory_path()};
    const Charter& charter_;
    const LedgerRole role_;
    const storage::LedgerMaker maker_;
    std::unique_ptr<storage::LedgerDatabase> ledger_;
};

}  // namespace tongbao::testing
