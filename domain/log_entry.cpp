#include "domain/log_entry.hpp"

#include "domain/overloaded.hpp"

namespace tongbao {

const SignedLeaf* accepted_leaf_of(const LogEvent& event) {
    if (const auto* const logged = std::get_if<LoggedEvent>(&event)) return &logged->leaf;
    if (const auto* const act = std::get_if<ActEvent>(&event)) return &act->leaf;
    return nullptr;
}

std::optional<Digest> register_head_of(const LogEvent& event) {
    if (const auto* const logged = std::get_if<LoggedEvent>(&event)) return logged->register_head;
    if (const auto* const act = std::get_if<ActEvent>(&event)) return act->register_head;
    return std::nullopt;
}

std::vector<NoticeRef> notices_named(const LogEvent& event) {
    using Refs = std::vector<NoticeRef>;
    return std::visit(Overloaded{
                          [](const LoggedEvent&) { return Refs(); },
                          [](const RefusedEvent&) { return Refs(); },
                          [](const ActEvent& act) { return act.notices; },
                          [](const RepliedEvent& replied) {
                              return Refs{replied.asked, replied.answer};
                          },
                          [](const RegisterEvent&) { return Refs(); },
                          [](const EscalatedEvent& step) { return Refs{step.notice}; },
                          [](const ClosedEvent& closed) { return Refs{closed.notice}; },
                          [](const AnsweredActEvent& done) {
                              Refs refs{done.notice, done.by};
                              for (const NoticeAt& each : done.restored)
                                  refs.push_back(each.notice);
                              return refs;
                          },
                          [](const OpaqueEvent&) { return Refs(); },
                      },
                      event);
}

}  // namespace tongbao
