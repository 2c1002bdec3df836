#include "crypto/statement_container.hpp"

#include "crypto/der_reader.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace tongbao::crypto {
namespace {

// Whole values, tag and length included, where nothing in them may differ.
constexpr std::array<std::uint8_t, 3> kVersion3{0x02, 0x01, 0x03};
/// id-signedData, 1.2.840.113549.1.7.2
constexpr std::array<std::uint8_t, 11> kSignedData{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                                   0xf7, 0x0d, 0x01, 0x07, 0x02};
/// id-data, 1.2.840.113549.1.7.1
constexpr std::array<std::uint8_t, 11> kData{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                             0xf7, 0x0d, 0x01, 0x07, 0x01};
/// AlgorithmIdentifier of id-sha256, 2.16.840.1.101.3.4.2.1, without parameters
constexpr std::array<std::uint8_t, 13> kSha256{0x30, 0x0b, 0x06, 0x09, 0x60, 0x86, 0x48,
                                               0x01, 0x65, 0x03, 0x04, 0x02, 0x01};
/// AlgorithmIdentifier of ecdsa-with-SHA256, 1.2.840.10045.4.3.2, without parameters
constexpr std::array<std::uint8_t, 12> kEcdsaWithSha256{0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86,
                                                        0x48, 0xce, 0x3d, 0x04, 0x03, 0x02};
/// id-contentType, 1.2.840.113549.1.9.3
constexpr std::array<std::uint8_t, 11> kContentType{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                                    0xf7, 0x0d, 0x01, 0x09, 0x03};
/// id-messageDigest, 1.2.840.113549.1.9.4
constexpr std::array<std::uint8_t, 11> kMessageDigest{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                                      0xf7, 0x0d, 0x01, 0x09, 0x04};
/// id-signingTime, 1.2.840.113549.1.9.5
constexpr std::array<std::uint8_t, 11> kSigningTime{0x06, 0x09, 0x2a, 0x86, 0x48, 0x86,
                                                    0xf7, 0x0d, 0x01, 0x09, 0x05};
/// id-aa-signingCertificateV2, 1.2.840.113549.1.9.16.2.47
constexpr std::array<std::uint8_t, 13> kSigningCertificate{0x06, 0x0b, 0x2a, 0x86, 0x48, 0x86, 0xf7,
                                                           0x0d, 0x01, 0x09, 0x10, 0x02, 0x2f};

/// Digits and `Z` as CMS has them, put into the form that parse_date_time reads.
std::optional<UtcTime> read_time(std::string_view year, std::string_view rest) {
    constexpr std::string_view kRest = "MMDDhhmmssZ";
    if (rest.size() != kRest.size()) return std::nullopt;
    std::string text(year);
    text.append("-").append(rest.substr(0, 2)).append("-").append(rest.substr(2, 2));
    text.append("T").append(rest.substr(4, 2)).append(":").append(rest.substr(6, 2));
    text.append(":").append(rest.substr(8));
    const Result<UtcTime> time = parse_date_time(text);
    if (!time) return std::nullopt;
    return *time;
}

/// RFC 5652 section 11.3: UTCTime, of the years 1950 to 2049, unless the year is another one.
std::optional<UtcTime> take_time(DerReader& reader) {
    if (reader.next_is(DerTag::utc_time)) {
        const std::string_view text = as_text(reader.take(DerTag::utc_time).value_or(BytesView()));
        if (text.size() < 2) return std::nullopt;
        const std::string_view century = text[0] < '5' ? "20" : "19";
        return read_time(std::string(century).append(text.substr(0, 2)), text.substr(2));
    }
    const std::string_view text =
        as_text(reader.take(DerTag::generalized_time).value_or(BytesView()));
    if (text.size() < 4 || text.substr(0, 4) < "2050") return std::nullopt;
    return read_time(text.substr(0, 4), text.substr(4));
}

/// Enters an attribute of the type `type` and gives a reader of its one value.
DerReader enter_attribute(DerReader& attributes, BytesView type, DerReader& attribute) {
    attribute = attributes.enter(DerTag::sequence);
    attribute.expect(type);
    return attribute.enter(DerTag::set);
}

/// Reads the one ESSCertIDv2 of a SigningCertificateV2. Its hash algorithm is SHA-256 by default,
/// and DER leaves out what is the default.
bool read_signing_certificate(DerReader& value, StatementContainer& container) {
    DerReader signing_certificate = value.enter(DerTag::sequence);
    DerReader ids = signing_certificate.enter(DerTag::sequence);
    DerReader id = ids.enter(DerTag::sequence);
    const Result<Digest> digest =
        Digest::from_bytes(id.take(DerTag::octet_string).value_or(BytesView()));
    if (!digest) return false;
    container.certificate = *digest;
    if (id.next_is(DerTag::sequence)) {
        DerReader issuer_serial = id.enter(DerTag::sequence);
        DerReader names = issuer_serial.enter(DerTag::sequence);
        DerReader directory_name = names.enter(DerTag::context_4_constructed);
        container.issuer = directory_name.take_whole(DerTag::sequence).value_or(BytesView());
        container.serial = issuer_serial.take(DerTag::integer).value_or(BytesView());
        if (!issuer_serial.finished() || !names.finished() || !directory_name.finished()) {
            return false;
        }
    }
    return signing_certificate.finished() && ids.finished() && id.finished();
}

/// DER sorts the members of a set by their bytes. The second byte is the length, and these four
/// have the lengths 0x18, 0x1c or 0x1e, 0x2f, and more than that: their order never changes.
bool read_attributes(DerReader attributes, StatementContainer& container) {
    DerReader attribute{BytesView()};

    DerReader content_type = enter_attribute(attributes, kContentType, attribute);
    content_type.expect(kData);
    if (!content_type.finished() || !attribute.finished()) return false;

    DerReader time = enter_attribute(attributes, kSigningTime, attribute);
    const std::optional<UtcTime> signing_time = take_time(time);
    if (!signing_time || !time.finished() || !attribute.finished()) return false;
    container.signing_time = *signing_time;

    DerReader digest = enter_attribute(attributes, kMessageDigest, attribute);
    container.message_digest = digest.take(DerTag::octet_string).value_or(BytesView());
    if (!digest.finished() || !attribute.finished()) return false;

    DerReader certificate = enter_attribute(attributes, kSigningCertificate, attribute);
    return read_signing_certificate(certificate, container) && certificate.finished() &&
           attribute.finished() && attributes.finished();
}

bool read_signer(DerReader signer, StatementContainer& container) {
    signer.expect(kVersion3);
    container.key_id = signer.take(DerTag::context_0).value_or(BytesView());
    signer.expect(kSha256);
    container.signed_attributes =
        signer.take_whole(DerTag::context_0_constructed).value_or(BytesView());
    signer.expect(kEcdsaWithSha256);
    container.signature = signer.take(DerTag::octet_string).value_or(BytesView());
    if (!signer.finished()) return false;
    DerReader attributes(container.signed_attributes);
    return read_attributes(attributes.enter(DerTag::context_0_constructed), container);
}

bool read_signed_data(DerReader& signed_data, StatementContainer& container) {
    signed_data.expect(kVersion3);
    DerReader algorithms = signed_data.enter(DerTag::set);
    algorithms.expect(kSha256);
    DerReader encapsulated = signed_data.enter(DerTag::sequence);
    encapsulated.expect(kData);
    DerReader content = encapsulated.enter(DerTag::context_0_constructed);
    container.content = content.take(DerTag::octet_string).value_or(BytesView());
    DerReader signers = signed_data.enter(DerTag::set);
    return algorithms.finished() && content.finished() && encapsulated.finished() &&
           read_signer(signers.enter(DerTag::sequence), container) && signers.finished();
}

}  // namespace

Result<StatementContainer> read_statement_container(BytesView der) {
    StatementContainer container;
    DerReader file(der);
    DerReader content_info = file.enter(DerTag::sequence);
    content_info.expect(kSignedData);
    DerReader explicit_data = content_info.enter(DerTag::context_0_constructed);
    DerReader signed_data = explicit_data.enter(DerTag::sequence);
    const bool good = read_signed_data(signed_data, container) && signed_data.finished() &&
                      explicit_data.finished() && content_info.finished() && file.finished();
    if (!good) return Errc::bad_statement;
    return container;
}

}  // namespace tongbao::crypto
