#pragma once

#include <boost/system/error_code.hpp>

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

namespace tongbao {

/// Every failure that a peer, a user, a file or the disk can cause. The name of an enumerator is
/// the stable code that travels in problem details and log entries: never renamed, never reused.
enum class Errc : std::uint16_t {
    // Text and bytes
    bad_encoding = 1,
    bad_time,
    not_utf8,
    malformed_json,
    duplicate_member,
    unknown_member,
    missing_member,
    wrong_type,
    bad_number,
    too_deep,
    too_large,
    unknown_format,
    bad_value,

    // Identifiers
    wrong_length = 50,
    wrong_character,
    wrong_check_digit,
    no_such_date,
    no_such_division,
    wrong_form,
    unknown_type,

    // Charters and their conditions
    bad_expression = 100,
    bad_charter,
    unresolved_reference,
    charter_mismatch,
    calendar_missing,

    // What is wrong with a notice or an act
    unknown_kind = 150,
    sender_not_allowed,
    recipient_not_allowed,
    duplicate_recipient,
    missing_field,
    unknown_field,
    malformed_field,
    check_failed,
    missing_attachment,
    unknown_attachment,
    too_many_attachments,
    wrong_attachment_format,
    attachment_not_uploaded,
    attachment_mismatch,
    case_required,
    case_not_allowed,
    malformed_case,
    reply_required,
    reply_not_allowed,
    reply_to_nothing,
    title_not_allowed,
    secrecy_not_allowed,
    urgency_not_allowed,
    refused_mark,
    no_such_notice,
    act_not_allowed,
    act_out_of_order,
    reason_required,
    more_reasons,
    endorsement_missing,
    endorsement_invalid,
    extension_not_allowed,
    extension_too_long,
    basis_required,
    no_such_case,
    case_mismatch,
    case_concluded,
    closing_not_allowed,
    tracks_open,
    track_not_own,
    bad_amount,
    case_numbers_exhausted,
    recipient_missing,
    restricted_not_alone,

    // Batches and statements
    sender_mismatch = 200,
    bad_statement,
    statement_mismatch,
    signer_not_enrolled,
    wrong_signer,
    id_conflict,
    repeated_leaf,
    too_many_leaves,

    // Keys and certificates
    bad_signature = 250,
    bad_key,
    bad_certificate,
    certificate_expired,
    certificate_not_yet_valid,
    certificate_revoked,
    certificate_untrusted,
    certificate_wrong_use,
    certificate_wrong_name,
    crl_unusable,
    crypto_failure,
    consent_missing,
    consent_invalid,
    fingerprint_mismatch,
    wrong_passphrase,
    key_not_asked_for,

    // The log and its proofs
    not_in_tree = 300,
    proof_mismatch,
    bad_note,
    bad_checkpoint,
    unknown_log_key,
    log_rolled_back,
    log_forked,
    entry_mismatch,
    bad_log_entry,
    bad_proof,
    tile_mismatch,
    register_mismatch,
    time_decreased,
    case_number_out_of_order,

    // Storage
    storage_failure = 350,
    storage_corrupt,
    stale_size,
    not_found,
    head_missing,
    already_exists,
    storage_full,

    // Connections and requests
    connection_failed = 400,
    connection_closed,
    timed_out,
    tls_refused,
    bad_request,
    unsupported_method,
    not_permitted,
    too_many_requests,
    protocol_violation,
    unsupported_version,
    hub_unavailable,
    shutting_down,

    // Programs
    bad_configuration = 450,
    bad_argument,
    already_running,
    not_running,
    process_failed,
};

/// The stable code of `errc`, such as `unknown_kind`.
[[nodiscard]] std::string_view code(Errc errc) noexcept;

/// One sentence that says what happened, without particulars.
[[nodiscard]] std::string_view sentence(Errc errc) noexcept;

/// The Errc whose stable code is `text`; none if there is none.
[[nodiscard]] std::optional<Errc> errc_from_code(std::string_view text) noexcept;

/// All of them, in order.
[[nodiscard]] std::span<const Errc> all_errcs() noexcept;

[[nodiscard]] const boost::system::error_category& tongbao_category() noexcept;

[[nodiscard]] boost::system::error_code make_error_code(Errc errc) noexcept;

/// `error` as an Errc where it is one of ours; Errc::connection_failed for any other, since only
/// sockets bring foreign error codes into a Result.
[[nodiscard]] Errc to_errc(const boost::system::error_code& error) noexcept;

}  // namespace tongbao

template <>
struct boost::system::is_error_code_enum<tongbao::Errc> : std::true_type {};
