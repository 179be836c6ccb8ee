// Made by api.mjs from service/openapi.json with the SHA-256
// 4078dd1125a8fc998f036cab1c914dd43fe8c27d864db273613569bb19d43be6

export interface paths {
    "/health/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Is the process alive?
         * @description Answers as long as the event loop turns.
         */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Can questions be answered?
         * @description Asks the snapshot for one of its own paragraphs, and names it.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ask": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask a question
         * @description Passages of published decisions that answer a question, quoted word for word and cited.
         */
        post: operations["ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ask/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask a question, and be told of the answer piece by piece
         * @description The same as ``ask``; what goes wrong later comes as an event, without ``done``.
         */
        post: operations["ask_stream"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List decisions
         * @description The decisions of this collection, a part at a time, and what they can be narrowed to.
         *
         *     Each facet is counted under all filters but its own, so it tells what choosing another value
         *     would bring.
         */
        get: operations["list_decisions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/decisions/{publisher}/{slug}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a decision
         * @description One decision, every paragraph word for word, with whose word it is and how to cite it.
         */
        get: operations["read_decision"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/decisions/{publisher}/{slug}/paragraphs/{number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a paragraph
         * @description One paragraph, word for word, with whose word it is and how to cite it.
         */
        get: operations["read_paragraph"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Check a letter's references and quotations
         * @description Each case reference and quotation in a text: what it resolves to, and whether exactly.
         */
        post: operations["verify"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** Answer */
        Answer: {
            confidence: number;
            matches: components["schemas"]["Match"][];
            nearest: components["schemas"]["Match"][];
            next_steps: components["schemas"]["NextStep"][];
            notice: string;
            other_side: components["schemas"]["OtherSide"][];
            personal_details: components["schemas"]["PersonalDetails"] | null;
            question: string;
            quotations: components["schemas"]["Quotation"][];
            refusal: components["schemas"]["Refusal"] | null;
            snapshot: components["schemas"]["SnapshotInfo"];
            standalone_question: string;
            status: components["schemas"]["Status"];
            timings_ms: components["schemas"]["Timings"];
            urgent: components["schemas"]["Urgent"] | null;
        };
        /** AttributedTo */
        AttributedTo: {
            paragraphs: number[];
            reference: string | null;
            standing: components["schemas"]["Standing"];
        };
        /** CaseworkRead */
        CaseworkRead: {
            cross_references: components["schemas"]["CrossReference"][];
            findings: components["schemas"]["Finding"][];
            law: components["schemas"]["LawCited"][];
            references: components["schemas"]["ReferenceRead"][];
            remedies: components["schemas"]["Remedy"][];
        };
        /** Citation */
        Citation: {
            bodies: string[];
            decided: string | null;
            decision_id: string;
            label: string;
            numbering: components["schemas"]["Numbering"];
            outcome: components["schemas"]["Outcome"];
            outcome_text: string | null;
            page: string;
            paragraph: number;
            reference: string | null;
            section: string;
            url: string | null;
        };
        /** Contact */
        Contact: {
            name: string;
            phone?: string | null;
            url: string;
            when: string;
        };
        /** CrossReference */
        CrossReference: {
            paragraph: number;
            span: components["schemas"]["Span"];
            targets: number[];
        };
        /** DecisionList */
        DecisionList: {
            decisions: components["schemas"]["DecisionSummary"][];
            facets: components["schemas"]["Facets"];
            next: string | null;
            notice: string;
            snapshot: components["schemas"]["SnapshotInfo"];
            total: number;
        };
        /** DecisionNamed */
        DecisionNamed: {
            bodies: string[];
            decided: string | null;
            decision_id: string;
            outcome: components["schemas"]["Outcome"];
            outcome_text: string | null;
            page: string;
            reference: string | null;
            url: string | null;
        };
        /** DecisionRead */
        DecisionRead: {
            bodies: string[];
            casework: components["schemas"]["CaseworkRead"];
            category: string[];
            decided: string | null;
            decision_id: string;
            notice: string;
            numbering: components["schemas"]["Numbering"];
            outcome: components["schemas"]["Outcome"];
            outcome_parts: components["schemas"]["Outcome"][];
            outcome_text: string | null;
            page: string;
            publisher: string;
            reference: string | null;
            sections: components["schemas"]["SectionRead"][];
            snapshot: components["schemas"]["SnapshotInfo"];
            source: components["schemas"]["Source"];
            summary: components["schemas"]["Summary"] | null;
            url: string | null;
        };
        /** DecisionSummary */
        DecisionSummary: {
            bodies: string[];
            category: string[];
            decided: string | null;
            decision_id: string;
            outcome: components["schemas"]["Outcome"];
            outcome_text: string | null;
            page: string;
            publisher: string;
            reference: string | null;
            summary: components["schemas"]["Summary"] | null;
            url: string | null;
        };
        /**
         * DetailKind
         * @description What was noticed. ``child`` is a name beside an age; ``address`` a street or a postcode.
         * @enum {string}
         */
        DetailKind: "child" | "address" | "nhs_number" | "phone" | "email" | "date_of_birth" | "national_insurance";
        /** Difference */
        Difference: {
            end: number;
            kind: components["schemas"]["DifferenceKind"];
            published: string;
            start: number;
            yours: string;
        };
        /**
         * DifferenceExtent
         * @description How far the words differ.
         *
         *         ``punctuation``: only in marks and capitals; ``marked``: what was left out or put in is shown by
         *         an ellipsis or square brackets; ``words``: otherwise.
         * @enum {string}
         */
        DifferenceExtent: "punctuation" | "marked" | "words";
        /**
         * DifferenceKind
         * @description In what a quotation differs: its words, or what the text says of where they are from.
         *
         *         ``decision`` and ``paragraph``: it stands elsewhere; ``voice``: the text says that it was found,
         *         but it is what a party said or complained of.
         * @enum {string}
         */
        DifferenceKind: "changed" | "left_out" | "added" | "decision" | "paragraph" | "voice";
        /** Facet */
        Facet: {
            further: number;
            values: components["schemas"]["FacetValue"][];
        };
        /** FacetValue */
        FacetValue: {
            count: number;
            value: string;
        };
        /** Facets */
        Facets: {
            body: components["schemas"]["Facet"];
            category: components["schemas"]["Facet"];
            category_path: components["schemas"]["Facet"];
            outcome: components["schemas"]["Facet"];
            year: components["schemas"]["Facet"];
        };
        /** Filters */
        Filters: {
            authority?: string | null;
            category?: string | null;
            decided_from?: string | null;
            decided_to?: string | null;
            outcome?: components["schemas"]["Outcome"] | null;
            /** @default [] */
            roles: components["schemas"]["Role"][];
        };
        /** Finding */
        Finding: {
            finding: components["schemas"]["FindingKind"];
            injustice: boolean | null;
            issue: string;
            paragraph: number;
            span: components["schemas"]["Span"];
        };
        /**
         * FindingKind
         * @description What the Ombudsman found of one issue.
         * @enum {string}
         */
        FindingKind: "fault" | "no_fault" | "not_investigated";
        /** FoundRanks */
        FoundRanks: {
            dense: number | null;
            lexical: number | null;
        };
        /** FoundScores */
        FoundScores: {
            cosine: number;
            fused: number;
            reranker?: number | null;
            words: number;
        };
        /** Health */
        Health: {
            /**
             * @description Always ``ok``: otherwise a problem is sent.
             * @constant
             */
            status: "ok";
        };
        /** LawCited */
        LawCited: {
            kind: components["schemas"]["LawKind"];
            paragraph: number;
            provision: string | null;
            span: components["schemas"]["Span"];
            title: string;
        };
        /**
         * LawKind
         * @description What sort of rule is cited.
         * @enum {string}
         */
        LawKind: "act" | "regulations" | "guidance";
        /** LinkedDecision */
        LinkedDecision: {
            decision_id: string;
            page: string;
        };
        /** Match */
        Match: {
            also_in: components["schemas"]["Citation"][];
            boilerplate: boolean;
            caveat: string | null;
            citation: components["schemas"]["Citation"];
            introduction: string;
            rank: number;
            ranks: components["schemas"]["FoundRanks"];
            role: components["schemas"]["Role"];
            scores: components["schemas"]["FoundScores"];
            text: string;
            voice: components["schemas"]["Voice"];
        };
        /** NextStep */
        NextStep: {
            key: string;
            /** Format: date */
            reviewed: string;
            sources: components["schemas"]["SourcePage"][];
            support: components["schemas"]["Support"];
            text: string;
            title: string;
        };
        /**
         * Numbering
         * @description Where the paragraph numbers come from.
         *
         *         ``printed``: the file shows the running numbers. ``continued``: the file marks paragraphs but
         *         restarts or drops the numbers, so they were counted through. ``none``: the file has no marks;
         *         the numbers are ordinals, and a citation must not claim that they are official.
         * @enum {string}
         */
        Numbering: "printed" | "continued" | "none";
        /** OneParagraph */
        OneParagraph: {
            boilerplate: boolean;
            citation: components["schemas"]["Citation"];
            heading_path: string[];
            introduction: string;
            items: string[];
            next: number | null;
            notice: string;
            number: number;
            previous: number | null;
            role: components["schemas"]["Role"];
            snapshot: components["schemas"]["SnapshotInfo"];
            text: string;
            voice: components["schemas"]["Voice"];
            words: string;
        };
        /** OtherSide */
        OtherSide: {
            boilerplate: boolean;
            caveat: string | null;
            citation: components["schemas"]["Citation"];
            introduction: string;
            likeness: number;
            quotation: components["schemas"]["Quotation"];
            role: components["schemas"]["Role"];
            text: string;
            voice: components["schemas"]["Voice"];
        };
        /**
         * Outcome
         * @description What became of the complaint, in one vocabulary for all publishers.
         * @enum {string}
         */
        Outcome: "upheld" | "not_upheld" | "not_investigated" | "unknown";
        /** ParagraphRead */
        ParagraphRead: {
            boilerplate: boolean;
            citation: components["schemas"]["Citation"];
            introduction: string;
            items: string[];
            number: number;
            role: components["schemas"]["Role"];
            text: string;
            voice: components["schemas"]["Voice"];
            words: string;
        };
        /**
         * Pasted
         * @description The text to check.
         */
        Pasted: {
            /**
             * @description A letter, a chatbot's reply, or anything that quotes decisions.
             * @example In 99 000 101 the Ombudsman said “the chair decides what the conference’s conclusion is and records it” (paragraph 13).
             */
            text: string;
        };
        /** PersonalDetails */
        PersonalDetails: {
            kinds: components["schemas"]["DetailKind"][];
            warning: string;
        };
        /** Problem */
        Problem: {
            detail: string;
            extra?: {
                [key: string]: string;
            }[];
            status: number;
            title: string;
        };
        /**
         * Question
         * @description The question.
         */
        Question: {
            filters?: components["schemas"]["Filters"] | null;
            /** @default [] */
            history: components["schemas"]["Turn"][];
            /** @default 8 */
            k: number;
            /**
             * @description In plain English.
             * @example can a chair overrule the conference?
             */
            question: string;
        };
        /** Quotation */
        Quotation: {
            end: number;
            match: number;
            start: number;
            text: string;
        };
        /** QuotationCheck */
        QuotationCheck: {
            attributed_to: components["schemas"]["AttributedTo"] | null;
            differences: components["schemas"]["Difference"][];
            differs_in: components["schemas"]["DifferenceExtent"] | null;
            end: number;
            explanation: string;
            places: components["schemas"]["QuotedPlace"][];
            places_found: number;
            start: number;
            status: components["schemas"]["VerifyStatus"];
            text: string;
            words_are_exact: boolean;
        };
        /** QuotedPlace */
        QuotedPlace: {
            boilerplate: boolean;
            caveat: string | null;
            citation: components["schemas"]["Citation"];
            end: number;
            in_full: string;
            introduction: string;
            is_a_partys: boolean;
            published: string;
            role: components["schemas"]["Role"];
            start: number;
            voice: components["schemas"]["Voice"];
        };
        /** Ready */
        Ready: {
            answering: boolean;
            snapshot: components["schemas"]["SnapshotInfo"];
            /** @constant */
            status: "ready";
        };
        /** ReferenceCheck */
        ReferenceCheck: {
            decisions: components["schemas"]["DecisionNamed"][];
            end: number;
            explanation: string;
            missing_paragraphs: number[];
            reference: string;
            start: number;
            status: components["schemas"]["VerifyStatus"];
            text: string;
        };
        /** ReferenceRead */
        ReferenceRead: {
            decisions: components["schemas"]["LinkedDecision"][];
            paragraph: number;
            reference: string;
            span: components["schemas"]["Span"];
        };
        /** Refusal */
        Refusal: {
            kind: components["schemas"]["RefusalKind"];
            reason: string;
        };
        /**
         * RefusalKind
         * @description What is refused on principle.
         *
         *         ``identify``: to say who somebody is or where they live. ``predict``: how the asker's own case
         *         will end. ``tactics``: what to do or say in a dispute. ``abuse``: with no question in it.
         *         ``instructions``: to change what the service does.
         * @enum {string}
         */
        RefusalKind: "identify" | "predict" | "tactics" | "abuse" | "instructions";
        /** Remedy */
        Remedy: {
            amount_pence: number | null;
            deadline: string | null;
            done: boolean;
            kind: components["schemas"]["RemedyKind"];
            paragraph: number;
            span: components["schemas"]["Span"];
            to: string | null;
        };
        /**
         * RemedyKind
         * @description What kind of thing is to put matters right.
         * @enum {string}
         */
        RemedyKind: "apology" | "payment" | "service_improvement" | "training" | "records" | "other";
        /**
         * Role
         * @description What a paragraph does in its decision.
         * @enum {string}
         */
        Role: "complaint" | "powers" | "method" | "law" | "facts" | "response" | "finding" | "remedy" | "decision";
        /** SectionRead */
        SectionRead: {
            heading_path: string[];
            paragraphs: components["schemas"]["ParagraphRead"][];
        };
        /** ServerEvent */
        ServerEvent: {
            data: string;
            /** @enum {string} */
            event: "status" | "match" | "answer" | "done" | "error";
        };
        /** SnapshotInfo */
        SnapshotInfo: {
            built: string;
            decisions: number;
            encoder: string;
            id: string;
            passages: number;
            sample: boolean;
        };
        /**
         * Sort
         * @description In which order.
         * @default newest
         * @example newest
         * @enum {string}
         */
        Sort: "newest" | "oldest" | "body";
        /** Source */
        Source: {
            file: string;
            sha256: string;
        };
        /** SourcePage */
        SourcePage: {
            name: string;
            url: string;
        };
        /** Span */
        Span: {
            end: number;
            start: number;
        };
        /**
         * Standing
         * @description Whether a quotation stands where the text says.
         *
         *         ``there``: it does, whether word for word or nearly. ``other_paragraph``: in that decision, but
         *         in another paragraph. ``elsewhere``: in another decision only. ``nowhere``: in none here.
         *         ``unnumbered``: in that decision, whose copy here shows no paragraph numbers.
         *         ``not_in_this_collection``: that decision is not here, so it cannot be told.
         * @enum {string}
         */
        Standing: "there" | "other_paragraph" | "elsewhere" | "nowhere" | "unnumbered" | "not_in_this_collection";
        /**
         * Status
         * @description What became of a question.
         *
         *         ``answered``: passages were found that bear on it. ``nothing_relevant``: the decisions do not
         *         answer it. ``refused``: it is not answered on principle.
         * @enum {string}
         */
        Status: "answered" | "nothing_relevant" | "refused";
        /** StatusCounts */
        StatusCounts: {
            ambiguous: number;
            differs: number;
            exact: number;
            not_in_this_collection: number;
        };
        /** Summary */
        Summary: {
            /** @default The publisher’s summary. It is not the decision itself, and is not to be quoted as a finding. */
            label: string;
            text: string;
        };
        /** Support */
        Support: {
            citation: components["schemas"]["Citation"];
            end: number;
            start: number;
            text: string;
        };
        /** Timings */
        Timings: {
            answer: number;
            encode: number;
            rank: number;
            search: number;
            total: number;
        };
        /** Turn */
        Turn: {
            content: string;
            /** @enum {string} */
            role: "user" | "assistant";
        };
        /**
         * Unchecked
         * @description Why something was not checked.
         *
         *         ``too_short``: fewer than three words in quotation marks. ``too_long``: longer than any
         *         paragraph. ``too_many``: beyond the most that are checked at once. ``unpaired_mark``: a
         *         quotation mark without its other half, so that no one can tell what is quoted.
         * @enum {string}
         */
        Unchecked: "too_short" | "too_long" | "too_many" | "unpaired_mark";
        /** UncheckedCount */
        UncheckedCount: {
            count: number;
            first: number;
            reason: components["schemas"]["Unchecked"];
        };
        /** Urgent */
        Urgent: {
            contacts: components["schemas"]["Contact"][];
            key: string;
            /** Format: date */
            reviewed: string;
            text: string;
        };
        /**
         * Verdict
         * @description What became of the whole text.
         *
         *         ``all_exact``: every reference and quotation is, and there is a quotation. ``references_only``:
         *         every reference is, but nothing is quoted, so nothing that is said of them was checked.
         *         ``not_all_exact``: something is not, or was not checked. ``nothing_to_check``: there is neither.
         * @enum {string}
         */
        Verdict: "all_exact" | "references_only" | "not_all_exact" | "nothing_to_check";
        /** Verification */
        Verification: {
            notice: string;
            quotation_counts: components["schemas"]["StatusCounts"];
            quotations: components["schemas"]["QuotationCheck"][];
            reference_counts: components["schemas"]["StatusCounts"];
            references: components["schemas"]["ReferenceCheck"][];
            snapshot: components["schemas"]["SnapshotInfo"];
            status: components["schemas"]["Verdict"];
            summary: string;
            unchecked: components["schemas"]["UncheckedCount"][];
        };
        /**
         * VerifyStatus
         * @description What became of one reference or quotation.
         *
         *         ``exact``: it is here; a quotation word for word, and where the text says. ``differs``: it
         *         differs from what was published, or stands elsewhere than the text says.
         *         ``not_in_this_collection``: it is not here, which is not to say that it was never published.
         *         ``ambiguous``: it is here in several decisions, and the text does not say which is meant.
         * @enum {string}
         */
        VerifyStatus: "exact" | "differs" | "not_in_this_collection" | "ambiguous";
        /**
         * Voice
         * @description Whose word a paragraph is.
         * @enum {string}
         */
        Voice: "ombudsman" | "complainant" | "authority" | "third_party" | "law" | "mixed";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ready"];
                };
            };
            /** @description The service cannot answer now, or is about to stop. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ask: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Question"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer"];
                };
            };
            /** @description The request is not of the form that is wanted. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key is not known, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not be used from there. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; the header Retry-After says when to come back. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something went wrong on our side. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too busy, or switched off; the header Retry-After says for how long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ask_stream: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Question"];
            };
        };
        responses: {
            /** @description Server-sent events: `status`, each `match`, the whole `answer` (as `ask` sends it) and `done`; or `error` with a problem. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["ServerEvent"];
                };
            };
            /** @description The request is not of the form that is wanted. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key is not known, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not be used from there. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; the header Retry-After says when to come back. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something went wrong on our side. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too busy, or switched off; the header Retry-After says for how long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_decisions: {
        parameters: {
            query?: {
                /** @description Words of the name of the body complained about, case ignored. */
                authority?: string | null;
                /** @description Only this outcome. */
                outcome?: components["schemas"]["Outcome"] | null;
                /** @description Words of the category path, case ignored; its parts are joined by ' > '. */
                category?: string | null;
                /** @description Earliest date of decision. */
                decided_from?: string | null;
                /** @description Latest date of decision. */
                decided_to?: string | null;
                /** @description Only this case reference, in any spelling. */
                reference?: string | null;
                /** @description Only decisions of this publisher: what stands before the slash in their ids. */
                publisher?: string | null;
                /** @description In which order. */
                sort?: components["schemas"]["Sort"];
                /** @description How many to leave out before the first; see `next` in the response. */
                offset?: number;
                /** @description The most that are wanted. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionList"];
                };
            };
            /** @description What the header If-None-Match names is what there is. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not of the form that is wanted. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key is not known, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not be used from there. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; the header Retry-After says when to come back. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is stored is damaged and is not shown, or something else went wrong. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys cannot be checked; the header Retry-After says for how long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_decision: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of a decision's id, what stands before the slash. */
                publisher: string;
                /** @description Of a decision's id, what stands after the slash. */
                slug: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecisionRead"];
                };
            };
            /** @description What the header If-None-Match names is what there is. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not of the form that is wanted. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key is not known, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not be used from there. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such decision is in this collection. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The decision was withdrawn from this collection; the detail says when. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; the header Retry-After says when to come back. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is stored is damaged and is not shown, or something else went wrong. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys cannot be checked; the header Retry-After says for how long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    read_paragraph: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Of a decision's id, what stands before the slash. */
                publisher: string;
                /** @description Of a decision's id, what stands after the slash. */
                slug: string;
                /** @description The paragraph's number, as its citation has it. */
                number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OneParagraph"];
                };
            };
            /** @description What the header If-None-Match names is what there is. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is not of the form that is wanted. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key is not known, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not be used from there. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description No such paragraph is in this collection. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The decision was withdrawn from this collection; the detail says when. */
            410: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; the header Retry-After says when to come back. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description What is stored is damaged and is not shown, or something else went wrong. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Keys cannot be checked; the header Retry-After says for how long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    verify: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Pasted"];
            };
        };
        responses: {
            /** @description Request fulfilled, document follows */
            200: {
                headers: {
                    "cache-control"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Verification"];
                };
            };
            /** @description The request is not of the form that is wanted. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key is not known, or was revoked. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The key may not be used from there. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request did not arrive in time. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is too large. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description The request is not JSON. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too many requests; the header Retry-After says when to come back. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Something went wrong on our side. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Too busy, or switched off; the header Retry-After says for how long. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
