#pragma once

#include "client/cli/daemon_client.hpp"

#include <filesystem>
#include <string>

namespace tongbao::client {

struct FetchArguments {
    std::string id;
    std::filesystem::path folder{"."};
    /// The SHA-256 in hexadecimal of the only one that is wanted; empty: all.
    std::string attachment;
    /// Whether what proves the notice to a stranger is saved too, see save_proof.
    bool proof{false};
};

/// Saves a notice's attachments under safe_file_name and prints each file's path, one a line (with
/// --json an array of kind, name, sha256 and path; the files of a proof are of the kind `proof`). A
/// file that was saved before stays. For a proof, says on standard error how it is checked.
///
/// Fails with ExitCode::usage for a malformed id or digest; ExitCode::refused if the notice does
/// not have that attachment, or another file has its name; ExitCode::failed if it can't be written
/// or its bytes have another digest; and as DaemonClient::download and save_proof. What was saved
/// before stays.
[[nodiscard]] Attempt<void> fetch(DaemonClient& daemon, const Invocation& invocation,
                                  const FetchArguments& arguments);

}  // namespace tongbao::client
