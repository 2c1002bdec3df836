#pragma once

#include "client/ca/authority_files.hpp"
#include "client/ca/ca_folder.hpp"
#include "client/cli/command.hpp"
#include "client/cli/failure.hpp"
#include "crypto/secret_bytes.hpp"
#include "domain/digest.hpp"
#include "domain/spiffe_id.hpp"
#include "domain/time.hpp"
#include "protocol/json_writer.hpp"

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

namespace tongbao::client {

// What the commands under `tongbao ca` share.

/// By the clock of command_clock: an authority of a test deployment issues by its clock if
/// --sandbox names it.
[[nodiscard]] Attempt<UtcTime> present_time(const Invocation& invocation);

/// What is made from here on is its owner's alone, but for the files whose mode says otherwise.
void keep_to_owner();

/// Gives the passphrase in `file`, or, if that is empty, asks for it on the terminal.
[[nodiscard]] AskPassphrase passphrase_from(const std::string& file);

/// The passphrase that new keys are encrypted with: the one in `file`, or, with `wanted`, one that
/// is typed twice on the terminal; else none.
[[nodiscard]] Attempt<std::optional<crypto::SecretBytes>> new_passphrase(const std::string& file,
                                                                         bool wanted);

/// Opens the authority's folder and locks it. The passphrase of its key, if that is encrypted, is
/// that of passphrase_from(`passphrase_file`).
[[nodiscard]] Attempt<CaFolder> open_authority(const std::string& folder,
                                               const std::string& passphrase_file);

/// A key's fingerprint under its name, as a code and as words, indented by four columns.
void print_fingerprint(std::ostream& out, std::string_view name, const Digest& public_key);

/// The members `public_key`, `code` and `words` of an object.
void write_fingerprint(protocol::JsonWriter& json, const Digest& public_key);

/// The answer to a question on the terminal, without its line feed; none if standard input is no
/// terminal or was ended.
[[nodiscard]] std::optional<std::string> ask_line(const std::string& question);

/// `tongbao ca issue --request`.
struct RequestArguments {
    std::string folder;
    std::string passphrase_file;
    std::string request;
    std::string out;
    std::string enrolled;
    std::string confirmed;
    std::int64_t days{365};
};
[[nodiscard]] Attempt<void> issue_request(const RequestArguments& arguments,
                                          const Invocation& invocation);

void add_enrol_command(CLI::App& parent, Invocation& invocation);
void add_inspect_command(CLI::App& parent, Invocation& invocation);
/// renew, revoke, crl, list
void add_upkeep_commands(CLI::App& parent, Invocation& invocation);

}  // namespace tongbao::client
