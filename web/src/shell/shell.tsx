// SPDX-License-Identifier: Apache-2.0
//
// What stands around every page: who is logged in, where one can go, the
// language.  It finds the page for the address and fetches its code.
import './shell.css';

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { Problem } from '../api/client';
import { leave, logOut, session } from '../api/session';
import type { Session } from '../api/types';
import { find, firstOf, pages } from '../pages';
import { account } from '../pages/account';
import { logIn } from '../pages/log-in';
import { Waiting } from '../parts/answered';
import { ProblemBox } from '../parts/problem';
import { Title } from '../parts/title';
import { problemOf } from '../parts/use-answer';
import { language, say, speak, spoken } from '../words/words';
import { address, go } from './address';
import type { Link, Page, PageProps } from './page';
import { PrintFoot } from './print-foot';

function LanguageSwitch({ onProblem }: { onProblem: (problem: Problem | undefined) => void }) {
	const other = language.value === 'vi' ? 'en' : 'vi';

	return (
		<button
			type="button"
			class="quiet"
			lang={other}
			onClick={() => {
				speak(other).then(
					() => onProblem(undefined),
					() => onProblem(new Problem(0, say('problem.line'))),
				);
			}}
		>
			{say('language.other')}
		</button>
	);
}

function Account({ onProblem }: { onProblem: (problem: Problem) => void }) {
	const entered = session.value;

	if (!entered) {
		return logIn.path === address.value.pathname ? null : (
			<a href={logIn.path}>{say('login.title')}</a>
		);
	}
	return (
		<>
			<span class="account">
				<a class="account-name" href={account.path}>
					{entered.user.name}
				</a>
				<span class="account-roles">
					{[...new Set(entered.roles.map((role) => spoken(role.name, role.english)))].join(', ')}
				</span>
			</span>
			<button
				type="button"
				class="quiet"
				onClick={() => {
					logOut().then(
						() => {
							go(logIn.path); // first: the next reader begins anew
							leave();
						},
						(thrown: unknown) => onProblem(problemOf(thrown)),
					);
				}}
			>
				{say('logout')}
			</button>
		</>
	);
}

const NOBODY: Session = { user: { id: '', login: '', name: '' }, roles: [], acts: [] };

/** The link that leads to the page, or nearest to it. */
function currentOf(links: Link[], path: string): Link | undefined {
	return links
		.filter((link) => path === link.href || path.startsWith(`${link.href}/`))
		.sort((a, b) => b.href.length - a.href.length)[0];
}

function Navigation() {
	const links = new Map(
		pages
			.filter((page) => session.value || page.isPublic)
			.flatMap((page) => page.links?.(session.value ?? NOBODY) ?? [])
			.map((link) => [link.href, link]),
	);
	const path = address.value.pathname;
	const current = currentOf([...links.values()], path);

	return (
		<nav aria-label={say('navigation')}>
			<ul>
				{[...links.values()].map((link) => (
					<li key={link.href}>
						<a
							href={link.href}
							aria-current={link !== current ? undefined : link.href === path ? 'page' : 'true'}
						>
							{link.text}
						</a>
					</li>
				))}
			</ul>
		</nav>
	);
}

function PagePlace({ page, words }: { page: Page; words: Record<string, string> }) {
	const [loaded, setLoaded] = useState<{ page: Page; shown: ComponentType<PageProps> }>();
	const [problem, setProblem] = useState<Problem>();

	useEffect(() => {
		let isLeft = false;

		setProblem(undefined);
		page.load().then(
			(code) => isLeft || setLoaded({ page, shown: code.default }),
			(thrown: unknown) => isLeft || setProblem(problemOf(thrown)),
		);
		return () => {
			isLeft = true;
		};
	}, [page]);
	if (problem) {
		return <ProblemBox problem={problem} again={() => window.location.reload()} />;
	}
	if (loaded?.page !== page) {
		return <Waiting />;
	}
	// Another dossier is another page: nothing of the last one stays.
	return <loaded.shown key={JSON.stringify(words)} words={words} />;
}

function NoPage() {
	return (
		<>
			<Title text={say('absent.title')} />
			<p>
				<a href="/">{say('absent.first')}</a>
			</p>
		</>
	);
}

function Content() {
	const path = address.value.pathname;
	const found = find(path);
	const needsLogIn = found && !found.page.isPublic && session.value === null;

	useEffect(() => {
		if (path === '/') {
			if (session.value !== undefined) {
				go(session.value ? firstOf(session.value) : logIn.path, true);
			}
		} else if (needsLogIn) {
			go(`${logIn.path}?aim=${encodeURIComponent(path + address.value.search)}`, true);
		}
	}, [path, needsLogIn, session.value]);
	if (path === '/' || needsLogIn || session.value === undefined) {
		return <Waiting />;
	}
	return found ? <PagePlace page={found.page} words={found.words} /> : <NoPage />;
}

export function Shell() {
	const [problem, setProblem] = useState<Problem>();

	return (
		<>
			<a class="skip" href="#content">
				{say('skip')}
			</a>
			<header class="top">
				<a class="name" href="/">
					hoso
					<span class="name-long">{say('name')}</span>
				</a>
				<div class="top-right">
					<Account onProblem={setProblem} />
					<LanguageSwitch onProblem={setProblem} />
				</div>
			</header>
			<Navigation />
			<main id="content" tabIndex={-1}>
				{problem && <ProblemBox problem={problem} />}
				<Content />
			</main>
			<PrintFoot />
		</>
	);
}
