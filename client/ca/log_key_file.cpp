#include "client/ca/log_key_file.hpp"

#include "client/ca/authority_files.hpp"
#include "client/ca/enrolled_files.hpp"
#include "crypto/ed25519_key.hpp"
#include "crypto/note_signer.hpp"
#include "crypto/secret_bytes.hpp"
#include "program/files.hpp"

#include <span>
#include <string_view>
#include <system_error>

namespace tongbao::client {
namespace {

using std::filesystem::path;

constexpr std::size_t kMaxLogKeyBytes = 64 * 1024;

Checked<void> make_log_key(const path& key_file, const path& verifier_file,
                           const TrustDomain& trust_domain) {
    const Result<crypto::NoteSigner> signer = crypto::NoteSigner::make(
        log_origin(trust_domain).value(), crypto::Ed25519SigningKey::generate());
    if (!signer) return file_reason(signer.error(), key_file, "");
    const crypto::SecretBytes text = signer->private_key_text();
    std::string line(text.text());
    line += '\n';
    Checked<void> written = create_new(key_file, line, kOwnerOnly);
    crypto::wipe_memory(std::span<char>(line));
    if (!written) return written;
    return replace_file(verifier_file, signer->verifier_key().text() + '\n', kReadable);
}

}  // namespace

Checked<std::string> log_verifier_key_of(const path& key_file, const path& verifier_file,
                                         const TrustDomain& trust_domain) {
    std::error_code ignored;
    if (!std::filesystem::exists(key_file, ignored)) {
        const Checked<void> made = make_log_key(key_file, verifier_file, trust_domain);
        if (!made) return made.error();
    }
    Result<std::string> text = program::read_secret_file(key_file, kMaxLogKeyBytes);
    if (!text) {
        return file_reason(text.error(), key_file, "the log's key is its owner's alone: chmod 600");
    }
    const Result<crypto::NoteSigner> signer =
        crypto::NoteSigner::parse_private_key(std::string_view(*text).substr(0, text->find('\n')));
    crypto::wipe_memory(std::span<char>(*text));
    if (!signer) return file_reason(signer.error(), key_file, "bring it back from a backup");
    return signer->verifier_key().text();
}

}  // namespace tongbao::client
