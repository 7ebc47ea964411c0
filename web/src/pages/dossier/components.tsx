// SPDX-License-Identifier: Apache-2.0
import { nameOf } from '../../api/laws';
import type { Dossier, Examined, Missing } from '../../api/types';
import { Answered } from '../../parts/answered';
import { FileRow } from '../../parts/file-row';
import { ProblemBox } from '../../parts/problem';
import { type Answer, useAnswer } from '../../parts/use-answer';
import { say } from '../../words/words';

function MissingList({ path }: { path: string }) {
	const answer = useAnswer<{ missing: Missing[] }>(`${path}/missing`);

	return (
		<Answered answer={answer}>
			{({ missing }) =>
				missing.length === 0 ? (
					<p class="note note-good">{say('components.whole')}</p>
				) : (
					<div class="note note-bad">
						<h3>{say('components.missing', { count: missing.length })}</h3>
						<ul>
							{missing.map((row, i) => (
								<li key={i}>
									{nameOf('components', row.code)}
									{row.source && (
										<span class="hint"> {say('components.source', { source: row.source })}</span>
									)}
								</li>
							))}
						</ul>
					</div>
				)
			}
		</Answered>
	);
}

/** What is in the dossier, with what its signatures say, and what is missing. */
export function Components({ dossier, path, examined }: {
	dossier: Dossier;
	path: string;
	examined: Answer<{ files: Examined[] }>;
}) {
	const files = new Map(examined.value?.files.map((file) => [file.sha256, file]));

	return (
		<section>
			<h2>{say('components')}</h2>
			<MissingList path={path} />
			{examined.problem && <ProblemBox problem={examined.problem} again={examined.again} />}
			<ul class="plain">
				{dossier.components?.map(({ code, attachment }, i) => (
					<FileRow
						key={i}
						file={attachment}
						path={path}
						examined={files.get(attachment.sha256)}
					>
						<p class="file-component">{nameOf('components', code)}</p>
					</FileRow>
				))}
			</ul>
		</section>
	);
}
