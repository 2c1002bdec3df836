#pragma once

#include "domain/bytes.hpp"
#include "domain/digest.hpp"
#include "domain/ids.hpp"
#include "domain/log_entry.hpp"
#include "domain/reason.hpp"
#include "domain/spiffe_id.hpp"
#include "protocol/leaf_json.hpp"

#include <optional>
#include <utility>
#include <vector>

namespace tongbao::hub {

/// An endorsement that verified, of the notice that it came with.
struct AdmittedEndorsement {
    Bytes statement;
    CertificateUse use{};  ///< of the signer's certificate
    EndorsementRef ref;
};

/// A leaf that admission has judged as far as it goes without knowing what was logged before.
struct AdmittedLeaf {
    Bytes bytes;
    Digest sha256;
    Digest leaf_hash;
    /// None if it could not be read.
    std::optional<protocol::Leaf> leaf;
    /// Not empty: it is refused for these.
    Reasons reasons;
    /// As they came, each of them good; all that the charter asks for if there are no reasons.
    std::vector<AdmittedEndorsement> endorsements{};
};

/// A batch whose statement was signed by an enrolled key of the unit that is connected, over
/// exactly these leaves. Only Admission makes one, and the sequencer takes nothing else.
class VerifiedBatch {
public:
    [[nodiscard]] const UnitId& unit() const noexcept { return unit_; }
    [[nodiscard]] const Digest& signer() const noexcept { return signer_; }
    [[nodiscard]] const Bytes& statement() const noexcept { return statement_; }
    [[nodiscard]] const Digest& statement_digest() const noexcept { return statement_digest_; }
    [[nodiscard]] const std::vector<AdmittedLeaf>& leaves() const noexcept { return leaves_; }
    /// What it holds in memory, for bounds.
    [[nodiscard]] std::size_t bytes() const noexcept { return size_; }

private:
    friend class Admission;
    VerifiedBatch(UnitId unit, Digest signer, Bytes statement, Digest statement_digest,
                  std::vector<AdmittedLeaf> leaves)
        : unit_(std::move(unit)),
          signer_(signer),
          statement_(std::move(statement)),
          statement_digest_(statement_digest),
          leaves_(std::move(leaves)),
          size_(statement_.size()) {
        for (const AdmittedLeaf& leaf : leaves_) {
            size_ += leaf.bytes.size() + leaf.reasons.size() * sizeof(Reason);
            for (const AdmittedEndorsement& each : leaf.endorsements) {
                size_ += sizeof(each) + each.statement.size();
            }
            for (const Reason& reason : leaf.reasons) {
                size_ += reason.place.size() + reason.explanation.size();
            }
        }
    }

    UnitId unit_;
    Digest signer_;
    Bytes statement_;
    Digest statement_digest_;
    std::vector<AdmittedLeaf> leaves_;
    std::size_t size_{0};
};

}  // namespace tongbao::hub
