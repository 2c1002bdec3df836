#include "crypto/pem.hpp"

#include "crypto/openssl_error.hpp"
#include "crypto/openssl_handle.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <limits>
#include <memory>
#include <utility>

namespace tongbao::crypto {
namespace {

constexpr std::size_t kLineLength = 64;

struct FreeOpensslText {
    void operator()(char* text) const noexcept { OPENSSL_free(text); }
};

}  // namespace

Result<std::vector<PemBlock>> read_pem(std::string_view text) {
    if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
        return Errc::bad_encoding;
    }
    const BioHandle bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
    if (!bio) return Errc::crypto_failure;
    std::vector<PemBlock> blocks;
    for (;;) {
        char* name = nullptr;
        char* header = nullptr;
        unsigned char* data = nullptr;
        long size = 0;
        const bool read = PEM_read_bio(bio.get(), &name, &header, &data, &size) == 1;
        const std::unique_ptr<char, FreeOpensslText> owned_name(name);
        const std::unique_ptr<char, FreeOpensslText> owned_header(header);
        const OpensslBufferHandle owned_data(data);
        if (!read) {
            // The end of the text is told from a broken block by this reason alone.
            const bool at_end = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
            clear_openssl_errors();
            if (!at_end) return Errc::bad_encoding;
            return blocks;
        }
        if (*header != '\0') return Errc::bad_encoding;
        blocks.push_back({name, to_bytes(BytesView(data, static_cast<std::size_t>(size)))});
    }
}

std::string write_pem(std::string_view label, BytesView data) {
    const std::string base64 = to_base64(data);
    std::string text = "-----BEGIN " + std::string(label) + "-----\n";
    for (std::size_t i = 0; i < base64.size(); i += kLineLength) {
        text += base64.substr(i, kLineLength) + '\n';
    }
    return text + "-----END " + std::string(label) + "-----\n";
}

}  // namespace tongbao::crypto
