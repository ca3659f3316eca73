// # Pitfalls of Amazon's interface
//
// What users of the interface have run into, by the numbers of the list that
// the tests are named by; what is done about it here; and the test that shows
// it. A test (TestPitfallsAreAllHere) keeps this table complete.
//
//	 1  The list of orders allows a call in three minutes: one look in a run, a run in five minutes. TestPitfall1_OneLookAtTheOrdersInARun
//	 2  429 comes below the limit and without headers: the status alone slows us down, up to a quarter of an hour, with chance in it. TestPitfall2_ThrottledWhateverTheHeaders
//	 3  Page tokens of transactions die within minutes: windows of a week, read again from their start, rows by their own id. TestPitfall3_AWindowIsReadAgain
//	 4  Tokens of the old interface die as bad input: told apart from a bad question; the list is read again. TestPitfall4_DeadTokensOfEventGroups
//	 5  Stock tokens live thirty seconds and break when not encoded: all pages are fetched first, then stored. TestPitfall5_Inventory
//	 6  The list of orders takes its token only with the whole question: both are stored together. TestPitfall6_OrdersRepeatEveryArgument
//	 7  The list of reports takes its token only alone, and wants a type without: a rule for each operation. TestPitfall7_ReportsTokenAlone
//	 8  A withdrawn permission is invalid_grant: the connection rests until the seller acts, nothing is tried again. TestPitfall8_RevokedIsNotAskedAgain
//	 9  403 has many causes: one fresh token, then a question that every application may ask tells which. TestPitfall9_ForbiddenIsExplained
//	10  A slash in a SKU looks like a missing permission: every part of a path is escaped, once. TestPitfall10_PathsAreEncoded
//	11  A plus sign in a time is taken for a space: times are sent in UTC with a Z. TestPitfall11_TimesAreSentInUTC
//	12  Lists go round: tokens and pages that come twice end the list, and say so. TestPitfall12_LoopsEnd
//	13  Pending orders have no price: unknown is not zero, and a later update fills it in. TestPitfall13_PendingOrdersHaveNoPriceYet
//	14  Some pending orders do: it is stored when it is told. TestPitfall14_PendingOrdersMayHaveAPrice
//	15  People are missing now and then: asked for again later, and blanks replace nobody. TestPitfall15_BlankPeopleDoNotReplaceKnownOnes
//	16  Known orders cannot be asked for as a list: only those still to be shipped are read one by one. TestPitfall16_SingleReadsOnlyForOrdersToShip
//	17  Some accounts are refused some kinds of data: the second refusal makes the question smaller, for a day. TestPitfall17_ASmallerQuestionWhereTheLargerIsRefused
//	18  What proceeds mean is hardly told: the total is kept as given, and the answer beside it. TestPitfall18_TotalsAreKeptAsGiven
//	19  The report of orders has no item ids and repeats SKUs: a line is order, SKU and its number among its equals. TestPitfall19_OneSKUInTwoLinesOfAnOrder
//	20  Reports of more than thirty days are a sentence: thirty days at most, and sentences are refused as such. TestPitfall20_ReportsOfThirtyDays
//	21  Japanese reports tell local time: the zone in the file counts, and UTC is stored. TestPitfall21_JapaneseDatesAreLocal
//	22  The interface tells UTC, sellers think in the marketplace's days: both are stored. TestPitfall22_DaysAreThoseOfTheMarketplace
//	23  Does not touch us: a package reference is sent when a shipment is confirmed, and this program changes nothing at Amazon.
//	24  Does not touch us: confirming a shipment twice; nothing is confirmed from here.
//	25  Does not touch us: names of carriers are only read and shown as they came, never sent.
//	26  Does not touch us: tracking numbers are asked for on confirmation, which is not made here.
//	27  Does not touch us: one call per parcel concerns confirmation; reading tells all parcels at once.
//	28  Money of the last two days comes late: fourteen days are read again each time, and more while sales are held back. TestPitfall28_LateMoneyIsFound
//	29  Windows of a month fail: transactions are asked for a week at a time. TestPitfall29_WindowsOfAWeek
//	30  Pages repeat transactions, and may be larger than asked: a transaction counts once, by its id. TestPitfall30_RepeatedTransactionsCountOnce
//	31  Kinds of refunds cannot be told apart: type and description stay Amazon's own words. TestPitfall31_RefundsKeepAmazonsWords
//	32  Older lists hide money that is held back: the newer one is read, and a sale counts on its day, once. TestPitfall32_DeferredSalesAreSales
//	33  Does not touch us: the old list of events by order id is not called.
//	34  What is too old is refused: those windows are passed over, not claimed as complete, and the newer are read. TestPitfall34_WindowsTooOldForAmazon
//	35  Event groups name no marketplace: stored with their currency alone. TestPitfall35_EventGroupsHaveNoMarketplace
//	36  Settlements of all marketplaces come together: no marketplace is asked for, each row says its own. TestPitfall36_SettlementsOfAllMarketplaces
//	37  The order of a settlement row may be a shipment, or nothing: stored as it stands; the row keeps its place by what else it says. TestPitfall37_RowsWithoutOrderOrMarketplace
//	38  Exactly ninety days back is refused: eighty-nine. TestPitfall38_EightyNineDays
//	39  A transaction states its money twice: the finer tree is taken where it adds up, the other never beside it. TestPitfall39_MoneyIsTakenOnce
//	40  Japanese files are in the code page of Windows: told by their bytes, with the vendor's signs. TestPitfall40_JapaneseFiles
//	41  The declared charset is wrong at times: an alias table, then the bytes have the last word. TestPitfall41_TheBytesDecide
//	42  CANCELLED mostly means nothing to report: no failure; taken as empty when a later run is told so again, until then not covered. TestPitfall42_CancelledIsNoFailure
//	43  FATAL may come with a document: what it says is shown. TestPitfall43_FatalTellsItsReason
//	44  Columns come and go: found by name, unknown ones kept in the original, missing ones named when they matter. TestPitfall44_ColumnsComeAndGo
//	45  The ledger's window may be shifted: rows count by their own date column, whatever period the file is said to be of. TestPitfall45_LedgerRowsCountByTheirOwnDate
//	46  Days of sales and traffic are meant in the marketplace: asked for by its calendar, stored as that day. TestPitfall46_TrafficDaysAreTheMarketplaces
//	47  Metrics differ by where a day ends: asked for by the marketplace's days, compared with the orders, never in the books. TestPitfall47_MetricsAreByTheMarketplacesDays
//	48  Traffic settles after three days: the last days are asked for again, and no data yet is no failure. TestPitfall48_TrafficIsReadAgain
//	49  Links to documents break with any further header and live minutes: a client of their own that signs nothing; kept nowhere. TestPitfall49_LinksAreNotKept
//	50  Stock summaries may miss SKUs: compared with the inventory report of the day, every difference listed. TestPitfall50_StockIsComparedWithTheReport
//	51  Without details the quantities are empty: always asked for. TestPitfall51_DetailsAreAskedFor
//	52  A SKU may lie at Amazon and at the seller's: two numbers in two tables. TestPitfall52_TwoStocksOfOneSKU
//	53  Why stock is unsellable stands nowhere else: the whole answer is kept. TestPitfall53_CausesOfUnsellableStockAreKept
//	54  Amazon's sandbox answers only the questions of its model: tried with exactly those. TestPitfall54_AgainstTheModelsSandbox
//	55  Models lack names that occur: every name is text. TestPitfall55_NamesThatTheModelLacks
//	56  Old clients sign with keys of the cloud: nothing here signs, the access token is all. TestPitfall56_NothingIsSigned
//	57  A marketplace id hides what US sellers ship themselves: transactions are asked for without one. TestPitfall57_NoMarketplaceOnTransactions
package appsync
