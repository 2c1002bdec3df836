#pragma once

#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "domain/uuid.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace tongbao {

/// What a JSON text can hold in one cell: `true`, an integer within ±(2^53−1), a text that is not
/// empty. Which of them a field may hold, the charter says.
using Scalar = std::variant<bool, std::int64_t, std::string>;

/// One row of a table; its columns in the order of the text, no name twice.
struct Row {
    std::vector<std::pair<std::string, Scalar>> cells;

    /// The cell of the column `name`, or nullptr. Linear in the number of cells.
    [[nodiscard]] const Scalar* find(std::string_view name) const noexcept;

    friend bool operator==(const Row&, const Row&) = default;
};

/// At least one row.
using Table = std::vector<Row>;

/// A table too large for a notice: it travels as the attachment of this digest.
struct DetachedTable {
    Digest sha256;

    friend bool operator==(const DetachedTable&, const DetachedTable&) = default;
};

using FieldValue = std::variant<bool, std::int64_t, std::string, Table, DetachedTable>;

struct Field {
    std::string name;
    FieldValue value;

    friend bool operator==(const Field&, const Field&) = default;
};

/// A file that the notice brings, named by its digest.
struct Attachment {
    std::string kind;
    /// For a person only: data, never a path.
    std::string name;
    std::string media_type;
    std::uint64_t size{0};
    Digest sha256;

    friend bool operator==(const Attachment&, const Attachment&) = default;
};

/// The signed word that there is no attachment of `kind`: `{"kind": …, "none": true}`.
struct NoAttachment {
    std::string kind;

    friend bool operator==(const NoAttachment&, const NoAttachment&) = default;
};

using AttachmentItem = std::variant<Attachment, NoAttachment>;

/// One signed message, as parsed from its exact bytes. Untrusted: nothing here has been checked
/// against a charter or a signature, only that the text has this shape. No field or attachment name
/// stands twice.
struct Notice {
    NoticeId id;
    /// Makes the digest of a notice impossible to guess from its contents.
    std::array<std::uint8_t, 16> nonce{};
    CharterId charter;
    CharterVersion charter_version;
    KindId kind;
    UnitId from;
    std::vector<UnitId> to;
    std::vector<UnitId> cc;
    /// As written; whether it is well-formed, the charter's rules say.
    std::optional<CaseNumber> case_number;
    std::optional<NoticeId> in_reply_to;
    /// The sender's clock: a claim.
    UtcTime issued_at{};
    std::string title;
    std::optional<std::string> doc_no;
    std::string secrecy;
    std::string urgency;
    std::vector<Field> fields;
    std::vector<AttachmentItem> attachments;

    /// The value of the field `name`, or nullptr. Linear in the number of fields.
    [[nodiscard]] const FieldValue* find(std::string_view name) const noexcept;

    friend bool operator==(const Notice&, const Notice&) = default;
};

}  // namespace tongbao
