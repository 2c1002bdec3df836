#include "domain/log_entry.hpp"

#include "domain/overloaded.hpp"

namespace tongbao {

std::vector<NoticeRef> notices_named(const LogEvent& event) {
    using Refs = std::vector<NoticeRef>;
    return std::visit(
        Overloaded{
            [](const LoggedEvent&) { return Refs(); },
            [](const RefusedEvent&) { return Refs(); },
            [](const ActEvent& act) { return act.notices; },
            [](const RepliedEvent& replied) { return Refs{replied.asked, replied.answer}; },
            [](const RegisterEvent&) { return Refs(); },
            [](const EscalatedEvent& step) { return Refs{step.notice}; },
            [](const ClosedEvent& closed) { return Refs{closed.notice}; },
            [](const AnsweredActEvent& done) {
                Refs refs{done.notice, done.by};
                for (const NoticeAt& each : done.restored) refs.push_back(each.notice);
                return refs;
            },
            [](const OpaqueEvent&) { return Refs(); },
        },
        event);
}

}  // namespace tongbao
