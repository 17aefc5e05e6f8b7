import { Arg, Args, Ctx, Int, Mutation, Query, Resolver } from 'type-graphql';
import { DAY_MS } from '../../domain/shared/durations.js';
import { NotFoundError } from '../../domain/shared/errors.js';
import type { GraphQLContext } from '../execution/context.js';
import { pageCost } from '../execution/field-costs.js';
import { pageRequest } from '../pagination/page-request.js';
import { StatementNodeList, statementPosition } from '../pagination/statement-node-list.js';
import {
  IssueStatementInput,
  MeasurementStatement,
  MeasurementStatementConnection,
  MeasurementStatementsArgs,
  StatementKey,
} from '../types/measurement-statement.type.js';
import { NO_ID, readId } from '../types/record-id.js';
import { statementObject } from '../types/statement-object.js';

/** A statement reads every reading of its sensors. */
const COST_OF_SENSOR = 5;
const COST_OF_SENSOR_DAY = 2;

@Resolver()
export class StatementResolver {
  @Query(() => MeasurementStatementConnection, {
    description:
      'The measurement statements of the account, newest first. The files of each are at `/app/statements/NUMBER.json` (signed), `/app/statements/NUMBER.csv` and `/app/statements/NUMBER.pdf`.',
    complexity: pageCost,
  })
  measurementStatements(
    @Args(() => MeasurementStatementsArgs) page: MeasurementStatementsArgs,
    @Ctx() context: GraphQLContext,
  ): object {
    const request = pageRequest(page, statementPosition);
    return new MeasurementStatementConnection(new StatementNodeList(context, request));
  }

  @Query(() => MeasurementStatement, {
    nullable: true,
    description: 'A measurement statement. Null: the account has none of that number.',
  })
  async measurementStatement(
    @Arg('number', () => Int, { description: 'The number of the statement.' }) number: number,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<MeasurementStatement | undefined> {
    try {
      return statementObject(await services.statements.require(principal, number));
    } catch (error) {
      if (error instanceof NotFoundError) return undefined;
      throw error;
    }
  }

  @Query(() => StatementKey, {
    description:
      'The public key by which measurement statements are signed. It is also at `/app/statement-key.pem`, without credentials.',
  })
  statementKey(@Ctx() { services }: GraphQLContext): Promise<StatementKey> {
    return services.statementKey.publicKey();
  }

  @Mutation(() => MeasurementStatement, {
    description:
      'Issues a measurement statement under the account’s next number. Fails with the code CONFLICT where the statement to supersede has been superseded. Needs the scope ADMIN.',
    complexity: ({ args, childComplexity }) =>
      costOf(args.input as IssueStatementInput) + childComplexity,
  })
  async issueStatement(
    @Arg('input', () => IssueStatementInput, { description: 'What it is of.' })
    { sensorIds, start, end, calendar, supersedes, reason }: IssueStatementInput,
    @Ctx() { principal, services }: GraphQLContext,
  ): Promise<MeasurementStatement> {
    const issued = await services.statements.issue(principal, {
      ...{ start, end },
      sensorIds: sensorIds.map((id) => readId(id) ?? NO_ID),
      calendar: calendar ?? undefined,
      supersedes: supersedes ?? undefined,
      reason: reason ?? undefined,
    });
    return statementObject(issued);
  }
}

function costOf({ sensorIds, start, end }: IssueStatementInput): number {
  const days = Math.max(end.getTime() - start.getTime(), 0) / DAY_MS;
  return Math.ceil(sensorIds.length * (COST_OF_SENSOR + Math.min(days, 366) * COST_OF_SENSOR_DAY));
}
