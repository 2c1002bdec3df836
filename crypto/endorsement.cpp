#include "crypto/endorsement.hpp"

#include "crypto/sha256.hpp"
#include "crypto/statement_container.hpp"

#include <string>
#include <utility>

namespace tongbao::crypto {
namespace {

/// What stands behind `endorse:`; empty for another role.
std::string endorsed_role(const Statement& statement) {
    const std::string_view role = statement.role;
    if (!role.starts_with(kEndorseRolePrefix)) return {};
    return std::string(role.substr(kEndorseRolePrefix.size()));
}

}  // namespace

Result<Bytes> sign_endorsement(const StatementSigner& signer, std::string_view role,
                               const LogOrigin& origin, const Digest& leaf_hash, UtcTime claimed) {
    const Statement statement{origin, format_spiffe_id(*signer.certificate().spiffe()),
                              std::string(kEndorseRolePrefix) + std::string(role), 1, leaf_hash};
    return signer.sign(statement, claimed);
}

Result<OpenedEndorsement> open_endorsement(BytesView der, const LogOrigin& origin,
                                           const Digest& leaf_hash, const CertificateFinder& find) {
    Result<OpenedStatement> opened = open_statement(der, find);
    if (!opened) return opened.error();
    const Statement& said = opened->statement;
    std::string role = endorsed_role(said);
    // The root over one leaf is its hash (RFC 9162 section 2.1.1).
    if (said.origin != origin || role.empty() || said.count != 1 || said.root != leaf_hash) {
        return Errc::statement_mismatch;
    }
    return OpenedEndorsement{
        {std::move(role), std::move(opened->signer)}, opened->certificate, sha256(der)};
}

Result<Endorsement> read_endorsement(BytesView der) {
    const Result<StatementContainer> container = read_statement_container(der);
    if (!container) return container.error();
    const Result<Statement> said = parse_statement(as_text(container->content));
    if (!said) return said.error();
    Result<SpiffeId> signer = parse_spiffe_id(said->signer);
    std::string role = endorsed_role(*said);
    if (!signer || role.empty()) return Errc::bad_statement;
    return Endorsement{std::move(role), *std::move(signer)};
}

}  // namespace tongbao::crypto
