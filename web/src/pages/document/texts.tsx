// SPDX-License-Identifier: Apache-2.0
//
// Parts of a document in words, as its page shows them and as they are chosen
// from where two have changed it.
import { withQuery } from '../../api/client';
import type { Citation, DocumentRecord, Recipient, Signer } from '../../api/types';
import { textOfDocument } from '../../parts/document-choice';
import { useAnswer } from '../../parts/use-answer';
import { formatDays } from '../../words/format';
import { sayCode } from '../../words/words';

/** "KT. Chủ tịch, Nguyễn Văn A" */
export function signerText({ mode, position, name }: Signer): string {
	return [[mode && `${mode}.`, position].filter(Boolean).join(' '), name].filter(Boolean).join(', ');
}

export function RecipientText({ recipient: { name, purpose } }: { recipient: Recipient }) {
	return (
		<>
			{name}
			{purpose && <span class="hint"> ({sayCode('recipient', purpose)})</span>}
		</>
	);
}

/** One of ours, by what it says of itself. */
function DocumentLink({ id }: { id: string }) {
	const { value } = useAnswer<DocumentRecord>(`/documents/${encodeURIComponent(id)}`);

	return <a href={`/van-ban/${id}`}>{value ? textOfDocument(value) : id}</a>;
}

/** One that is only named is looked for under its number. */
export function CitationText({ citation }: { citation: Citation }) {
	const { document, reference, date, issuer, relation, note } = citation;

	return (
		<>
			<span class="badge badge-open">{sayCode('citation', relation)}</span>{' '}
			{document ? (
				<DocumentLink id={document} />
			) : (
				<a href={withQuery('/van-ban', { so: reference })}>{reference}</a>
			)}
			{[date && formatDays(date), issuer, note].filter(Boolean).map((text, i) => (
				<span key={i}>, {text}</span>
			))}
		</>
	);
}
