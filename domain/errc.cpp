#include "domain/errc.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace tongbao {
namespace {

struct ErrcText {
    Errc errc;
    std::string_view code;
    std::string_view sentence;
};

constexpr std::array kTexts{
    ErrcText{Errc::bad_encoding, "bad_encoding",
             "The text is not in the encoding that stands here (hexadecimal or base64)."},
    ErrcText{Errc::bad_time, "bad_time",
             "The text is no date or time of the form that stands here."},
    ErrcText{Errc::not_utf8, "not_utf8", "The text is not well-formed UTF-8."},
    ErrcText{Errc::malformed_json, "malformed_json", "The text is not one JSON value."},
    ErrcText{Errc::duplicate_member, "duplicate_member",
             "A JSON object has two members of one name."},
    ErrcText{Errc::unknown_member, "unknown_member",
             "A JSON object has a member that is not defined here."},
    ErrcText{Errc::missing_member, "missing_member",
             "A JSON object lacks a member that must be there."},
    ErrcText{Errc::wrong_type, "wrong_type",
             "A JSON value is of another type than the one that stands here."},
    ErrcText{Errc::bad_number, "bad_number",
             "A number is not an integer between -(2^53-1) and 2^53-1 in its plain form."},
    ErrcText{Errc::too_deep, "too_deep", "The JSON is nested deeper than 64 levels."},
    ErrcText{Errc::too_large, "too_large", "It is larger than the limit."},
    ErrcText{Errc::unknown_format, "unknown_format",
             "The format named is not one that this version knows."},
    ErrcText{Errc::bad_value, "bad_value", "The value is not one that may stand here."},
    ErrcText{Errc::wrong_length, "wrong_length", "The identifier is too short or too long."},
    ErrcText{Errc::wrong_character, "wrong_character",
             "The identifier has a character that may not stand there."},
    ErrcText{Errc::wrong_check_digit, "wrong_check_digit",
             "The identifier's check digit does not fit."},
    ErrcText{Errc::no_such_date, "no_such_date",
             "The identifier holds a date that does not exist."},
    ErrcText{Errc::no_such_division, "no_such_division",
             "The identifier holds a division code that does not exist."},
    ErrcText{Errc::wrong_form, "wrong_form", "The value does not have the form of its type."},
    ErrcText{Errc::unknown_type, "unknown_type", "There is no field type of this name."},
    ErrcText{Errc::bad_expression, "bad_expression",
             "A condition in the charter can't be parsed or does not fit its fields."},
    ErrcText{Errc::bad_charter, "bad_charter",
             "The charter breaks a rule of its schema or of its checker."},
    ErrcText{Errc::unresolved_reference, "unresolved_reference",
             "The charter names something that it does not define."},
    ErrcText{Errc::charter_mismatch, "charter_mismatch",
             "This is not the charter, or not the version of it, that is in force here."},
    ErrcText{Errc::calendar_missing, "calendar_missing",
             "Nothing is published of a year whose working days are needed."},
    ErrcText{Errc::unknown_kind, "unknown_kind", "The charter has no notice kind of this name."},
    ErrcText{Errc::sender_not_allowed, "sender_not_allowed",
             "The charter does not let this unit send this kind."},
    ErrcText{Errc::recipient_not_allowed, "recipient_not_allowed",
             "The charter does not let this unit receive this kind."},
    ErrcText{Errc::duplicate_recipient, "duplicate_recipient", "A unit is addressed twice."},
    ErrcText{Errc::missing_field, "missing_field", "A field that must be there is missing."},
    ErrcText{Errc::unknown_field, "unknown_field", "The kind has no field of this name."},
    ErrcText{Errc::malformed_field, "malformed_field",
             "A field does not have the form of its type."},
    ErrcText{Errc::check_failed, "check_failed", "A check of the charter on several fields fails."},
    ErrcText{Errc::missing_attachment, "missing_attachment",
             "An attachment that must be there is missing."},
    ErrcText{Errc::unknown_attachment, "unknown_attachment",
             "The kind has no attachment of this name, or it can't be declared as none."},
    ErrcText{Errc::too_many_attachments, "too_many_attachments",
             "An attachment that may be there once is there more often."},
    ErrcText{Errc::wrong_attachment_format, "wrong_attachment_format",
             "The attachment's media type is not one that the kind allows."},
    ErrcText{Errc::attachment_not_uploaded, "attachment_not_uploaded",
             "The sender has not uploaded the attachment that the notice names."},
    ErrcText{Errc::attachment_mismatch, "attachment_mismatch",
             "The attachment's bytes do not have the digest or size that was named."},
    ErrcText{Errc::case_required, "case_required", "The kind needs a case number."},
    ErrcText{Errc::case_not_allowed, "case_not_allowed", "The kind may not carry a case number."},
    ErrcText{Errc::malformed_case, "malformed_case",
             "The case number is not a division, a year and five digits."},
    ErrcText{Errc::reply_required, "reply_required",
             "The kind must name the notice that it answers."},
    ErrcText{Errc::reply_not_allowed, "reply_not_allowed", "The kind may not answer a notice."},
    ErrcText{
        Errc::reply_to_nothing, "reply_to_nothing",
        "The notice that it answers is not there for this sender, or can't be answered by this "
        "kind."},
    ErrcText{Errc::title_not_allowed, "title_not_allowed",
             "In this class the title must be the kind's own."},
    ErrcText{Errc::secrecy_not_allowed, "secrecy_not_allowed",
             "The secrecy mark is not one that the kind's class allows."},
    ErrcText{Errc::urgency_not_allowed, "urgency_not_allowed",
             "The urgency is not one of the charter's."},
    ErrcText{Errc::refused_mark, "refused_mark",
             "A text bears a mark of state secrets: such matter may not enter."},
    ErrcText{Errc::no_such_notice, "no_such_notice", "There is no such notice for this unit."},
    ErrcText{Errc::act_not_allowed, "act_not_allowed", "This unit may not do this to this notice."},
    ErrcText{Errc::act_out_of_order, "act_out_of_order",
             "The notice is not in a state in which this may be done."},
    ErrcText{Errc::reason_required, "reason_required", "This must be done with a reason."},
    ErrcText{Errc::more_reasons, "more_reasons",
             "More is wrong than is told at once: mend this and try again."},
    ErrcText{
        Errc::endorsement_missing, "endorsement_missing",
        "The charter asks for a further signature on this kind of notice, and it is not there."},
    ErrcText{
        Errc::endorsement_invalid, "endorsement_invalid",
        "A further signature on the notice is not good, or is not one that the charter asks for."},
    ErrcText{Errc::extension_not_allowed, "extension_not_allowed",
             "The limit may not be moved, or no clock runs that it would move."},
    ErrcText{Errc::extension_too_long, "extension_too_long",
             "The charter does not let the limit be moved as far as that."},
    ErrcText{Errc::basis_required, "basis_required",
             "A statutory limit is moved only with a quoted legal basis."},
    ErrcText{Errc::no_such_case, "no_such_case", "There is no case of this number."},
    ErrcText{Errc::case_mismatch, "case_mismatch",
             "The notice and the one that it takes back belong to different cases."},
    ErrcText{Errc::case_concluded, "case_concluded",
             "The case is closed, and this unit may not open it again."},
    ErrcText{Errc::closing_not_allowed, "closing_not_allowed",
             "The charter does not let this unit close a case."},
    ErrcText{Errc::tracks_open, "tracks_open", "A track that holds the case open is not finished."},
    ErrcText{Errc::track_not_own, "track_not_own",
             "The unit may name only its own tracks of a case."},
    ErrcText{Errc::bad_amount, "bad_amount",
             "An amount of money is below zero or more than can be kept."},
    ErrcText{Errc::case_numbers_exhausted, "case_numbers_exhausted",
             "All case numbers of this division and year are given."},
    ErrcText{Errc::recipient_missing, "recipient_missing",
             "A correction goes to all whom the notice went to."},
    ErrcText{Errc::restricted_not_alone, "restricted_not_alone",
             "What others may not know of is submitted in a batch of its own."},
    ErrcText{Errc::sender_mismatch, "sender_mismatch",
             "The sender named inside is not the one who signed or the one who is connected."},
    ErrcText{Errc::bad_statement, "bad_statement",
             "The statement is not a batch statement of the form that is required."},
    ErrcText{Errc::statement_mismatch, "statement_mismatch",
             "The statement does not cover what came with it, or is for another log."},
    ErrcText{Errc::signer_not_enrolled, "signer_not_enrolled",
             "The signer's certificate is not enrolled in the register."},
    ErrcText{Errc::wrong_signer, "wrong_signer",
             "The signature was made with another certificate than the one named."},
    ErrcText{Errc::id_conflict, "id_conflict",
             "The identifier was used before for other contents."},
    ErrcText{Errc::repeated_leaf, "repeated_leaf",
             "One batch holds two equal items or identifiers."},
    ErrcText{Errc::too_many_leaves, "too_many_leaves",
             "The batch holds no item, or more than the limit."},
    ErrcText{Errc::bad_signature, "bad_signature", "The signature does not fit."},
    ErrcText{Errc::bad_key, "bad_key",
             "The key can't be read or is of a kind that is not allowed."},
    ErrcText{Errc::bad_certificate, "bad_certificate",
             "The certificate can't be read or breaks its profile."},
    ErrcText{Errc::certificate_expired, "certificate_expired",
             "The certificate's validity is over."},
    ErrcText{Errc::certificate_not_yet_valid, "certificate_not_yet_valid",
             "The certificate's validity has not begun."},
    ErrcText{Errc::certificate_revoked, "certificate_revoked", "The certificate was revoked."},
    ErrcText{Errc::certificate_untrusted, "certificate_untrusted",
             "The certificate does not chain to the trust domain's root."},
    ErrcText{Errc::certificate_wrong_use, "certificate_wrong_use",
             "The certificate was issued for another use."},
    ErrcText{Errc::certificate_wrong_name, "certificate_wrong_name",
             "The certificate does not bear the name that is required."},
    ErrcText{Errc::crl_unusable, "crl_unusable",
             "A revocation list is missing, out of date or wrongly signed."},
    ErrcText{Errc::crypto_failure, "crypto_failure", "The cryptographic library failed."},
    ErrcText{Errc::consent_missing, "consent_missing",
             "The unit has a sign key, and that key has not consented to this one."},
    ErrcText{
        Errc::consent_invalid, "consent_invalid",
        "The consent can't be read, is not to this key, or is not signed by the unit's sign key."},
    ErrcText{Errc::fingerprint_mismatch, "fingerprint_mismatch",
             "The code that was read out is not that of the key."},
    ErrcText{Errc::wrong_passphrase, "wrong_passphrase",
             "The key is encrypted, and the passphrase given does not open it."},
    ErrcText{Errc::key_not_asked_for, "key_not_asked_for",
             "The register enrols a key of this unit that the unit did not ask for."},
    ErrcText{Errc::not_in_tree, "not_in_tree", "The index is not below the tree's size."},
    ErrcText{Errc::proof_mismatch, "proof_mismatch", "The proof does not lead to the root."},
    ErrcText{Errc::bad_note, "bad_note",
             "The text is no signed note, or a signature of a known key on it fails."},
    ErrcText{Errc::bad_checkpoint, "bad_checkpoint",
             "The text is no checkpoint, or is one of another log."},
    ErrcText{Errc::unknown_log_key, "unknown_log_key",
             "No signature on the checkpoint is by the log's key."},
    ErrcText{Errc::log_rolled_back, "log_rolled_back",
             "The log is shorter than it was known to be."},
    ErrcText{Errc::log_forked, "log_forked",
             "The log does not extend the state that was known before."},
    ErrcText{Errc::entry_mismatch, "entry_mismatch",
             "The entry is not the one that the tree holds at this index."},
    ErrcText{Errc::bad_log_entry, "bad_log_entry", "The log entry can't be read."},
    ErrcText{Errc::bad_proof, "bad_proof", "The text is no proof in the form that stands here."},
    ErrcText{Errc::tile_mismatch, "tile_mismatch",
             "The tile does not hold the hashes of the log's entries."},
    ErrcText{Errc::register_mismatch, "register_mismatch",
             "The entry does not name the newest register entry before it."},
    ErrcText{Errc::time_decreased, "time_decreased", "The entry is older than the one before it."},
    ErrcText{Errc::case_number_out_of_order, "case_number_out_of_order",
             "The case number does not follow the last one given in its division and year."},
    ErrcText{Errc::storage_failure, "storage_failure", "The disk or the database failed."},
    ErrcText{Errc::storage_corrupt, "storage_corrupt",
             "The database holds something that can't have been written."},
    ErrcText{Errc::stale_size, "stale_size",
             "The log is not of the size that the write was made for."},
    ErrcText{Errc::not_found, "not_found", "There is nothing here for this caller."},
    ErrcText{Errc::head_missing, "head_missing",
             "The head that is kept outside the database is missing or damaged."},
    ErrcText{Errc::already_exists, "already_exists", "It is there already."},
    ErrcText{
        Errc::storage_full, "storage_full",
        "The disk has too little room for new work: reading goes on, and work resumes by itself."},
    ErrcText{Errc::connection_failed, "connection_failed",
             "The connection could not be made or broke."},
    ErrcText{Errc::connection_closed, "connection_closed", "The other side closed the connection."},
    ErrcText{Errc::timed_out, "timed_out", "It took longer than the limit."},
    ErrcText{Errc::tls_refused, "tls_refused", "The other side could not be authenticated."},
    ErrcText{Errc::bad_request, "bad_request", "The request is not well-formed."},
    ErrcText{Errc::unsupported_method, "unsupported_method", "This method does not go here."},
    ErrcText{Errc::not_permitted, "not_permitted", "This caller may not do this."},
    ErrcText{Errc::too_many_requests, "too_many_requests",
             "There is more of it than the limit; try later."},
    ErrcText{Errc::protocol_violation, "protocol_violation", "The other side broke the protocol."},
    ErrcText{Errc::unsupported_version, "unsupported_version",
             "The other side speaks another version of the protocol."},
    ErrcText{Errc::hub_unavailable, "hub_unavailable", "The hub can't be reached now."},
    ErrcText{Errc::shutting_down, "shutting_down", "The program is stopping."},
    ErrcText{Errc::bad_configuration, "bad_configuration", "The configuration is wrong."},
    ErrcText{Errc::bad_argument, "bad_argument", "An argument is wrong."},
    ErrcText{Errc::already_running, "already_running", "It is running already."},
    ErrcText{Errc::not_running, "not_running", "It is not running."},
    ErrcText{Errc::process_failed, "process_failed",
             "A program that was started ended or did not become ready."},
};

constexpr auto kErrcs = [] {
    std::array<Errc, kTexts.size()> errcs{};
    for (std::size_t i = 0; i < kTexts.size(); ++i) errcs[i] = kTexts[i].errc;
    return errcs;
}();

const ErrcText* find(Errc errc) noexcept {
    const auto found = std::find_if(kTexts.begin(), kTexts.end(),
                                    [errc](const ErrcText& each) { return each.errc == errc; });
    return found == kTexts.end() ? nullptr : &*found;
}

class Category final : public boost::system::error_category {
public:
    [[nodiscard]] const char* name() const noexcept override { return "tongbao"; }
    [[nodiscard]] std::string message(int value) const override {
        return std::string(sentence(static_cast<Errc>(value)));
    }
};

}  // namespace

std::string_view code(Errc errc) noexcept {
    const ErrcText* const found = find(errc);
    return found == nullptr ? "unknown" : found->code;
}

std::string_view sentence(Errc errc) noexcept {
    const ErrcText* const found = find(errc);
    return found == nullptr ? "An error without a name." : found->sentence;
}

std::optional<Errc> errc_from_code(std::string_view text) noexcept {
    const auto found = std::find_if(kTexts.begin(), kTexts.end(),
                                    [text](const ErrcText& each) { return each.code == text; });
    if (found == kTexts.end()) return std::nullopt;
    return found->errc;
}

std::span<const Errc> all_errcs() noexcept {
    return kErrcs;
}

const boost::system::error_category& tongbao_category() noexcept {
    static const Category kCategory;
    return kCategory;
}

boost::system::error_code make_error_code(Errc errc) noexcept {
    return {static_cast<int>(errc), tongbao_category()};
}

Errc to_errc(const boost::system::error_code& error) noexcept {
    return error.category() == tongbao_category() ? static_cast<Errc>(error.value())
                                                  : Errc::connection_failed;
}

}  // namespace tongbao
