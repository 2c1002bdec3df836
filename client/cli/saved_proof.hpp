#pragma once

#include "client/cli/daemon_client.hpp"
#include "domain/digest.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace tongbao::client {

/// Where a notice stands among its batch's leaves.
struct BatchPlace {
    std::uint64_t position{0};
    std::uint64_t count{1};
    /// From the leaf's sibling to the child of the root; empty for a batch of one.
    std::vector<Digest> path;
};

/// The shell command that prints the root which `notice.json` leads to at `place`: a chain of
/// `openssl dgst`, one for each step of the path.
///
/// Errors: Errc::proof_mismatch for a path that is not as long as the place demands.
/// Source: RFC 9162 section 2.1.3.2.
[[nodiscard]] Result<std::string> root_command(const BatchPlace& place);

/// The shell command that verifies a statement's file as of `time` and prints the statement.
[[nodiscard]] std::string statement_command(UtcTime time,
                                            const std::string& statement = "statement.p7s",
                                            const std::string& signer = "signer.pem");

/// What path.txt says: `position <n>`, `count <n>`, and each hash of the path in base64, in lines.
[[nodiscard]] std::string path_text(const BatchPlace& place);

/// A file of a proof.
struct ProofFile {
    std::string name;
    std::filesystem::path path;
    Digest sha256;
};

struct SavedProof {
    std::vector<ProofFile> files;
    /// The two commands that check them, in lines, and those for each endorsement.
    std::string commands;
};

/// Saves what proves the notice at `target` (`/v1/notices/<id>`) to a stranger: notice.json, the
/// exact bytes; statement.p7s; signer.pem; path.txt for a batch of more than one;
/// endorsement-<role>.p7s and .pem for each endorsement. The daemon has
/// checked them. No file that is there is written over; one with the same bytes stays.
///
/// Fails as DaemonClient::get; with ExitCode::refused if another file has one of the names; with
/// ExitCode::failed for an answer that can't be read or a folder that can't be written.
[[nodiscard]] Attempt<SavedProof> save_proof(DaemonClient& daemon, const std::string& target,
                                             const std::filesystem::path& folder);

}  // namespace tongbao::client
