#pragma once

#include "domain/log_entry.hpp"
#include "domain/reach.hpp"
#include "domain/time.hpp"
#include "hub/deployment.hpp"
#include "hub/notice_index.hpp"
#include "hub/refusal_limit.hpp"
#include "hub/round_cases.hpp"
#include "hub/round_clocks.hpp"
#include "hub/verified_batch.hpp"
#include "protocol/message.hpp"
#include "storage/hub_store.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <utility>
#include <vector>

namespace tongbao::hub {

/// What became of a batch: for its sender's answer.
struct SequencedBatch {
    std::vector<protocol::LeafOutcome> leaves;
    LogIndex first;
    /// The entries it caused, as they are shown to its sender (protocol/shown_entry.hpp), in order
    /// from `first`; none if every leaf was a repetition or beyond the unit's limit of refusals.
    std::vector<Bytes> entries;
};

/// One commit while it is put together: batches are judged against all that was logged before,
/// earlier batches of the same commit included, and become entries and rows. Used once, by the
/// sequencer's thread.
class Round {
public:
    /// All outlive the object. `time` is that of every entry.
    Round(const Deployment& deployment, const storage::HubStore& store, const NoticeIndex& notices,
          RefusalLimit& refusals, UtcTime time);

    /// Judges the leaves of a batch in their order, each with its own outcome: accepted, repeated
    /// (the same bytes were accepted before, whatever endorses them now), or refused for what
    /// admission found or for Errc::endorsement_invalid (by an endorser's key now),
    /// Errc::id_conflict, Errc::reply_to_nothing, Errc::no_such_notice, Errc::act_not_allowed,
    /// Errc::act_out_of_order, Errc::reason_required, Errc::restricted_not_alone; of a notice that
    /// does something to an earlier one also for those of check_answered_act, of an extension those
    /// of clocks_moved_by; for a case's sake those of RoundCases, of an act at the place of its
    /// notice. Every reason is told.
    ///
    /// A reason instead, and nothing of the batch is in the round: Errc::signer_not_enrolled and
    /// Errc::certificate_revoked by the register as it stands before the round's entries, which may
    /// have grown since admission; the errors of TrustStore::check at the entries' time, which may
    /// be later than admission's. Recipients and auditors judge the signer's certificate there: no
    /// entry may be made that they can't accept.
    ///
    /// Errors: those of the store; the round is then of no use, and another one without the batch
    /// takes its place.
    [[nodiscard]] Result<Checked<SequencedBatch>> add(const VerifiedBatch& batch);

    /// Instead of batches: does the steps of escalations that are due, at most so many that one
    /// commit stays small. Records in `aside` are passed over, and get those that can't be read.
    ///
    /// Errors: those of HubStore::read_looks.
    [[nodiscard]] Result<void> do_due_steps(std::set<ClockPlace>& aside);

    /// All rows and entries, with what the batches came to in the clocks; tiles and checkpoint are
    /// for the caller to fill in.
    [[nodiscard]] storage::Commit take_commit();

    /// Leaf hashes of the entries of the commit that was taken, in order.
    [[nodiscard]] const std::vector<Digest>& leaf_hashes() const noexcept { return leaf_hashes_; }
    [[nodiscard]] const std::vector<SharedFacts>& logged() const noexcept { return logged_; }
    /// Units with new mail.
    [[nodiscard]] const std::set<UnitId>& mailed() const noexcept { return mailed_; }
    /// When the first of the clocks of the commit that was taken is to be looked at.
    [[nodiscard]] std::optional<UtcTime> next_look() const noexcept { return clocks_.next_look(); }

private:
    /// The batch that is being judged.
    struct Current;
    [[nodiscard]] static Readers readers_of(const NoticeFacts& notice) {
        return notice.restricted ? Readers::parties : Readers::all;
    }

    [[nodiscard]] Result<void> check_signer(const Digest& signer, CertificateUse use) const;
    /// What is wrong with endorsements that admission took, by the register and trust of now.
    [[nodiscard]] Reasons check_endorsers(const AdmittedLeaf& leaf) const;
    [[nodiscard]] Result<protocol::LeafOutcome> judge(Current& current, std::size_t position);
    /// What the leaf's identifier was answered with before, if it was; `earlier_` has been read.
    [[nodiscard]] std::optional<protocol::LeafOutcome> known(const UnitId& sender,
                                                             const AdmittedLeaf& leaf) const;
    /// Reads which identifiers of the batch were used before.
    [[nodiscard]] Result<void> read_earlier(const VerifiedBatch& batch);
    [[nodiscard]] Result<protocol::LeafOutcome> log_notice(Current& current, std::size_t position,
                                                           const Notice& notice);
    [[nodiscard]] Result<protocol::LeafOutcome> log_act(Current& current, std::size_t position,
                                                        const Act& act);
    /// What a notice's `in_reply_to` leads to.
    struct Asked {
        SharedFacts facts;  ///< null: there is none
        Notice notice;
        Reasons faults;  ///< why it can't be answered so; none: it is the one
    };

    /// The case of a notice that is judged, and what it would write.
    struct InCase {
        NoticeCase notice;
        CasePlans plans;
    };
    /// What cases have against a notice of a known kind, by the unit that hands it in. `asked` is
    /// what it points at; with faults of its own only the notice's case is looked for.
    [[nodiscard]] Result<Reasons> check_notice_case(const Notice& notice, const AdmittedLeaf& leaf,
                                                    const std::optional<Asked>& asked,
                                                    InCase& in_case);
    protocol::LeafOutcome refuse(Current& current, std::size_t position, Reasons reasons,
                                 Readers readers = Readers::all);
    /// What stands against that only its parties may know of the leaf: others would find out whose
    /// it is by what stands beside it in the batch.
    [[nodiscard]] static Reasons check_alone(const Current& current, Readers readers);
    /// An act that nothing stands against gets its entry.
    LogIndex accept(Current& current, std::size_t position, const Act& act, Readers readers);
    /// Who may know of what is said about the notice logged at `index`.
    [[nodiscard]] Readers readers_of(LogIndex index) const;
    [[nodiscard]] Readers readers_of_both(LogIndex one, LogIndex other) const;
    /// What a notice does to an earlier one, as its charter has it.
    struct Deed {
        const AnsweredRule* rule{nullptr};  ///< null: it does nothing
        SharedFacts target;                 ///< what it is done to
        std::vector<UnitId> units;          ///< at which of its recipients; copies too
        std::vector<ClockId> moves;         ///< the clocks whose limit moves
        UtcTime new_due{};
        Reasons faults;  ///< why it can't be done; none: it can
    };

    /// What `notice` does, which may answer `asked`, and what stands against that.
    [[nodiscard]] Result<Deed> deed_of(const Notice& notice, const Asked& asked);
    [[nodiscard]] Result<void> judge_reversal(Deed& deed, const Notice& notice);
    [[nodiscard]] Result<void> judge_extension(Deed& deed, const Notice& notice,
                                               const Notice& request);
    [[nodiscard]] Result<void> judge_urging(Deed& deed, const Notice& notice, const Notice& asked);
    /// Does it, for the notice that was logged at `by`, and says so in the log.
    [[nodiscard]] Result<void> do_deed(Current& current, const Notice& notice, const NoticeRef& by,
                                       const Deed& deed, const Asked& asked);
    /// `old`, which is taken back, stops nothing and moves nothing any more.
    [[nodiscard]] Result<std::vector<NoticeAt>> restore(const Notice& old, LogIndex index);
    /// Has the lifecycle's act done at one recipient.
    [[nodiscard]] Result<void> advance_at(LogIndex notice, const UnitId& unit, Addressed addressed,
                                          AnsweredAct act);
    /// `answer`, logged at `by`, is noted where it satisfies what was asked.
    [[nodiscard]] Result<void> note_answer(Current& current, const Notice& answer,
                                           const NoticeRef& by, const Asked& asked);
    /// Where the identifier was used, by any sender.
    [[nodiscard]] Result<std::vector<LogIndex>> uses_of(const NoticeId& id);
    /// The notice that `sender` gave the identifier; null: there is none.
    [[nodiscard]] Result<SharedFacts> notice_of(const UnitId& sender, const NoticeId& id);

    /// Every notice of the identifier that the answer names, by any sender, whose party the
    /// answer's sender is.
    [[nodiscard]] Result<std::vector<Asked>> candidates(const Notice& answer);
    /// The one of them that the answer may answer.
    [[nodiscard]] Result<Asked> asked_by(const Notice& answer);
    [[nodiscard]] Result<Notice> notice_at(LogIndex index);
    /// Of a notice of this commit; null: there is no such.
    [[nodiscard]] SharedFacts pending_at(LogIndex index) const;
    /// None if there is no such notice.
    [[nodiscard]] Result<SharedFacts> facts_at(LogIndex index);
    [[nodiscard]] Result<std::uint32_t> state_of(LogIndex notice, const UnitId& unit);
    /// What an act does to one of its notices.
    struct ActedOn {
        SharedFacts notice;
        std::size_t place{0};  ///< among those that the act names
        std::uint32_t before{0};
        std::uint32_t after{0};
    };
    /// `readers`: who may know of it, refused or not.
    [[nodiscard]] Result<Reasons> check_act(const Act& act, std::vector<ActedOn>& acted_on,
                                            Readers& readers);
    /// The item of the register of dispatches for the notice there; none where the hub delivers.
    [[nodiscard]] Result<std::optional<storage::DispatchRow>> item_of(const NoticeFacts& notice,
                                                                      const UnitId& unit);
    /// `entry` speaks of the item, whose recipient stands by now as state_of says.
    [[nodiscard]] Result<void> note_item(storage::DispatchRow item, LogIndex entry);
    /// A notice that was logged at `index` has an item for each whom the hub does not reach.
    void open_items(const Notice& notice, LogIndex index);
    /// What a dispatch does to the standing of the notice at the recipient that it went to.
    struct Dispatched {
        SharedFacts notice;
        storage::DispatchRow item;
        std::uint32_t before{0};
        std::uint32_t after{0};
    };
    [[nodiscard]] Result<Reasons> check_dispatch(const Act& act, Dispatched& dispatched);
    [[nodiscard]] Result<protocol::LeafOutcome> log_dispatch(Current& current, std::size_t position,
                                                             const Act& act);
    /// What closing a notice at one of its recipients does to it there.
    [[nodiscard]] Result<Reasons> check_close(const Act& act, ActedOn& closing);
    [[nodiscard]] Result<protocol::LeafOutcome> log_close(Current& current, std::size_t position,
                                                          const Act& act);
    /// What cases have against the act, whose place `ref` is to be.
    [[nodiscard]] Result<Reasons> check_act_cases(const Act& act, const NoticeRef& ref,
                                                  const std::vector<ActedOn>& acted_on,
                                                  CasePlans& plans);

    /// `fresh`: state_of gave 0. Then it may share a row with others.
    void set_state(LogIndex notice, const UnitId& unit, std::uint32_t state, bool fresh);
    [[nodiscard]] RoundAccess access();
    /// Of the hub's own: no batch causes it.
    LogIndex append(LogEvent event, Readers readers);
    LogIndex append(Current& current, LogEvent event, Readers readers);
    /// The place of the entry that is appended next.
    [[nodiscard]] LogIndex next_entry() const;
    void keep_identifier(const storage::IdentifierRow& row);
    void mail(Current& current, std::size_t position, const UnitId& unit);
    [[nodiscard]] SignedLeaf signed_leaf(const Current& current, std::size_t position) const;

    const Deployment& deployment_;
    const storage::HubStore& store_;
    const NoticeIndex& notices_;
    RefusalLimit& refusals_;
    UtcTime time_;
    /// As they were when the round began: only the sequencer's own thread replaces the register.
    std::shared_ptr<const crypto::KeyRegister> keys_;
    std::shared_ptr<const crypto::TrustStore> trust_;
    Digest register_head_;
    Reach reach_;

    storage::Commit commit_;
    std::vector<Digest> leaf_hashes_;
    std::vector<SharedFacts> logged_;
    std::set<UnitId> mailed_;

    using Identifiers = std::map<std::pair<Uuid, UnitId>, storage::IdentifierRow>;
    /// Where `uses` has the identifier, by any sender.
    static void add_uses(const Identifiers& uses, const Uuid& id, std::vector<LogIndex>& indexes);
    /// Those of this commit.
    Identifiers identifiers_;
    /// Those of earlier commits that the batch uses again, or answers.
    Identifiers earlier_;
    std::map<std::pair<LogIndex, UnitId>, std::uint32_t> states_;
    /// Those of this commit, as they are by now.
    std::map<std::pair<LogIndex, UnitId>, storage::DispatchRow> dispatches_;
    RoundClocks clocks_;
    RoundCases cases_;
    /// Notices of this commit, for answers in it.
    std::map<LogIndex, const Notice*> pending_notices_;
};

}  // namespace tongbao::hub
