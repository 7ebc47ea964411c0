// SPDX-License-Identifier: Apache-2.0
//
// All pages, in the order of the navigation.
import type { Page } from '../shell/page';
import { adminPages } from './admin/pages';
import { charts } from './charts';
import { dossier } from './dossier';
import { grants } from './grants';
import { logIn } from './log-in';
import { making, makingNew } from './making';
import { ranking } from './ranking';
import { report } from './report';
import { unit } from './unit';
import { units } from './units';
import { verify } from './verify';

export const pages: Page[] = [units, unit, dossier, makingNew, making, report, charts, ranking, grants, ...adminPages, verify, logIn];

/** Where "/" and a log-in without another aim lead. */
export const first = units.path;
