// SPDX-License-Identifier: Apache-2.0
import type { DocumentRecord, Examined } from '../api/types';
import { say } from '../words/words';
import { FileRow } from './file-row';
import { ProblemBox } from './problem';
import { useAnswer } from './use-answer';

/** The files of a document, and what was found of their signatures. */
export function DocumentFiles({ document }: { document: DocumentRecord }) {
	const path = `/documents/${encodeURIComponent(document.id)}`;
	const examined = useAnswer<{ files: Examined[] }>(document.attachments?.length ? `${path}/examinations` : null);
	const found = new Map(examined.value?.files.map((file) => [file.sha256, file]));

	if (!document.attachments?.length) {
		return <p class="hint">{say('decision.no-file')}</p>;
	}
	return (
		<>
			{examined.problem && <ProblemBox problem={examined.problem} again={examined.again} />}
			<ul class="plain">
				{document.attachments.map((file, i) => (
					<FileRow key={i} file={file} path={path} examined={found.get(file.sha256)} />
				))}
			</ul>
		</>
	);
}
