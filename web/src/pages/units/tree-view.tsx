// SPDX-License-Identifier: Apache-2.0
//
// The tree as one looks at it: only the rows in sight are drawn, so that ten
// thousand of them scroll as ten do.  Keys are those of the ARIA pattern of a
// tree: arrows, Home, End, and the beginning of a name.
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';

import { Waiting } from '../../parts/answered';
import { ProblemBox } from '../../parts/problem';
import { go } from '../../shell/address';
import { fold } from '../../words/fold';
import { say, sayCode } from '../../words/words';
import { countBelow, type Line, type Shown, type Tree } from './tree';

const ROW = 36; // px, as in units.css
const BEYOND = 10; // rows drawn above and below what is in sight
const TYPING_MS = 700;

function Unit({ shown, siblings, id, isOpen, isMarked, top }: {
	shown: Shown;
	siblings: number | undefined;
	id: string;
	isOpen: boolean;
	isMarked: boolean;
	top: number;
}) {
	const count = countBelow(shown.unit);

	return (
		<li
			id={id}
			role="treeitem"
			class={isMarked ? 'branch marked' : 'branch'}
			aria-level={shown.level}
			aria-posinset={shown.place}
			aria-setsize={siblings ?? -1}
			aria-expanded={count > 0 ? isOpen : undefined}
			aria-selected={isMarked}
			style={{ top: `${top}px`, paddingLeft: `${(shown.level - 1) * 1.4 + 0.3}rem` }}
		>
			<span
				class={count === 0 ? 'twisty none' : isOpen ? 'twisty open' : 'twisty'}
				aria-hidden="true"
				data-twisty={shown.key}
			/>
			<a href={`/don-vi/${shown.unit.id}`} tabIndex={-1}>
				{shown.unit.name}
			</a>
			{count > 0 && (
				<span class="hint count">
					<span aria-hidden="true">{count}</span>
					<span class="unseen">{say('units.count', { count })}</span>
				</span>
			)}
			{shown.relation !== 'adm' && <span class="hint">{sayCode('units.as', shown.relation)}</span>}
		</li>
	);
}

/** That more is on its way; being seen is what asks for it. */
function More({ line, tree, top }: { line: Line & { kind: 'more' }; tree: Tree; top: number }) {
	useEffect(() => {
		if (!line.problem) {
			void tree.more(line.owner);
		}
	});
	return (
		<li role="none" class="branch" style={{ top: `${top}px` }}>
			{line.problem ? (
				<button type="button" tabIndex={-1} onClick={() => void tree.more(line.owner)}>
					{line.problem.message} {say('again')}
				</button>
			) : (
				<Waiting />
			)}
		</li>
	);
}

/** The marked row, moved by keys; where it is gone, the one nearest before. */
function useMark(lines: Line[], wanted: string) {
	const [marked, setMarked] = useState(wanted);
	const at = useMemo(
		() => lines.findIndex((line) => line.kind === 'unit' && line.key === marked),
		[lines, marked], // not at each step of scrolling
	);

	useEffect(() => {
		if (wanted !== '') {
			setMarked(wanted);
		}
	}, [wanted]);
	return { at: at < 0 ? 0 : at, mark: (line: Line | undefined) => line?.kind === 'unit' && setMarked(line.key) };
}

/** Beginnings of names that are typed one letter after the other. */
function useTyping(lines: Line[], at: number, mark: (line: Line | undefined) => void) {
	const typed = useRef({ text: '', at: 0 });

	/** False where it is the blank that opens a branch, and no part of a name; '' ends a name. */
	return (letter: string): boolean => {
		if (letter === '') {
			typed.current.at = -TYPING_MS;
			return true;
		}
		const now = performance.now();

		if (letter === ' ') {
			return now - typed.current.at <= TYPING_MS;
		}
		const text = (now - typed.current.at > TYPING_MS ? '' : typed.current.text) + fold(letter);
		const first = text.length > 1 ? at : at + 1;
		const turned = [...lines.slice(first), ...lines.slice(0, first)];

		typed.current = { text, at: now };
		mark(
			turned.find(
				(line) =>
					line.kind === 'unit' &&
					line.shown.unit.name.split(/\s+/).some((_, i, words) => fold(words.slice(i).join('')).startsWith(text)),
			),
		);
		return true;
	};
}

export function TreeView({ tree, label, wanted }: {
	tree: Tree;
	label: string;
	/** The key of the unit to be shown, '' for none. */
	wanted: string;
}) {
	const box = useRef<HTMLDivElement>(null);
	const id = useId();
	const [scroll, setScroll] = useState({ top: 0, height: 700 });
	const step = tree.changed.value;
	const lines = useMemo(() => tree.lines(), [tree, step]);
	const { at, mark } = useMark(lines, wanted);
	const type = useTyping(lines, at, mark);
	const first = Math.max(0, Math.floor(scroll.top / ROW) - BEYOND);
	const last = Math.min(lines.length, Math.ceil((scroll.top + scroll.height) / ROW) + BEYOND);
	const isDrawn = at >= first && at < last && lines[at]?.kind === 'unit';

	function look() {
		const { scrollTop: top, clientHeight: height } = box.current!;

		setScroll({ top, height });
	}

	// The marked row comes into sight whenever it has moved.
	useLayoutEffect(() => {
		const view = box.current!;
		const above = view.scrollTop - at * ROW;
		const below = (at + 1) * ROW - view.scrollTop - view.clientHeight;

		if (above > 2 * ROW || below > 2 * ROW) {
			view.scrollTop = at * ROW - view.clientHeight / 2; // from far: into the middle
		} else if (above > 0) {
			view.scrollTop -= above;
		} else if (below > 0) {
			view.scrollTop += below;
		}
		look();
	}, [at]);

	function moveTo(index: number, direction: 1 | -1) {
		let next = Math.min(Math.max(index, 0), lines.length - 1);

		while (lines[next] && lines[next]!.kind !== 'unit') {
			next += direction;
		}
		mark(lines[next]);
	}

	function press(event: KeyboardEvent) {
		const line = lines[at];

		if (line?.kind !== 'unit' || event.ctrlKey || event.altKey || event.metaKey) {
			return;
		}
		const { shown } = line;
		const pageful = Math.max(1, Math.floor(scroll.height / ROW) - 1);
		const keys: Record<string, () => void> = {
			ArrowDown: () => moveTo(at + 1, 1),
			ArrowUp: () => moveTo(at - 1, -1),
			PageDown: () => moveTo(at + pageful, 1),
			PageUp: () => moveTo(at - pageful, -1),
			Home: () => moveTo(0, 1),
			End: () => moveTo(lines.length - 1, -1),
			ArrowRight: () => {
				if (countBelow(shown.unit) > 0 && !tree.isOpen(shown)) {
					tree.toggle(shown, true);
				} else if (tree.isOpen(shown)) {
					moveTo(at + 1, 1);
				}
			},
			ArrowLeft: () => {
				if (tree.isOpen(shown)) {
					tree.toggle(shown, false);
				} else if (shown.parent) {
					mark(lines.find((other) => other.key === shown.parent!.key));
				}
			},
			Enter: () => go(`/don-vi/${shown.unit.id}`),
			' ': () => {
				if (!type(' ')) {
					tree.toggle(shown, !tree.isOpen(shown));
				}
			},
		};
		const isLetter = event.key.length === 1;
		const act = keys[event.key] ?? (isLetter ? () => type(event.key) : undefined);

		if (!isLetter) {
			type('');
		}

		if (act) {
			event.preventDefault();
			act();
		}
	}

	function click(event: MouseEvent) {
		const target = event.target instanceof Element ? event.target.closest('li') : null;
		const line = lines.find((_, i) => target?.id === `${id}-${i}`);

		if (line?.kind !== 'unit') {
			return;
		}
		mark(line);
		if (event.target instanceof HTMLElement && event.target.dataset['twisty'] && countBelow(line.shown.unit) > 0) {
			tree.toggle(line.shown, !tree.isOpen(line.shown));
		}
	}

	const problem = lines.length === 1 && lines[0]!.kind === 'more' ? lines[0]!.problem : undefined;

	if (problem) {
		return <ProblemBox problem={problem} again={() => void tree.more(undefined)} />;
	}
	return (
		<div
			ref={box}
			class="tree-box"
			role="tree"
			tabIndex={0}
			aria-label={label}
			aria-activedescendant={isDrawn ? `${id}-${at}` : undefined}
			onScroll={look}
			onKeyDown={press}
			onClick={click}
		>
			<ul class="tree" role="none" style={{ height: `${lines.length * ROW}px` }}>
				{lines.slice(first, last).map((line, i) =>
					line.kind === 'unit' ? (
						<Unit
							key={line.key}
							shown={line.shown}
							siblings={tree.siblings(line.shown)}
							isOpen={tree.isOpen(line.shown)}
							id={`${id}-${first + i}`}
							isMarked={first + i === at}
							top={(first + i) * ROW}
						/>
					) : (
						<More key={line.key} line={line} tree={tree} top={(first + i) * ROW} />
					),
				)}
			</ul>
			{lines.length === 0 && <p class="hint">{say('units.empty')}</p>}
		</div>
	);
}
