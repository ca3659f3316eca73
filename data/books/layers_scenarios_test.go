package books_test

// costScenarios are worked out by hand. Amounts have the seller's sign.
var costScenarios = map[string]string{
	// round(10.00*n/3): 3.33, 6.67, 10.00; the units cost 3.33, 3.34, 3.33.
	"a batch whose cost does not divide": `
batch 1 A 01-01 3 10.00USD
ship 01-02 A 1 fifo=-3.33 avg=-3.33 period=-3.33
ship 01-03 A 1 fifo=-3.34 avg=-3.34 period=-3.33
ship 01-04 A 1 fifo=-3.33 avg=-3.33 period=-3.33
stock 01-31 fifo= avg= period=`,
	"a batch of yen": `
batch 1 A 01-01 7 1000JPY
ship 01-02 A 3 cur=JPY fifo=-429 avg=-429 period=-429
ship 01-03 A 4 cur=JPY fifo=-571 avg=-571 period=-571`,
	"units that cost less than a cent": `
batch 1 A 01-01 1000 1.00USD
ship 01-02 A 4 fifo=0.00 avg=0.00 period=0.00
ship 01-03 A 1 fifo=-0.01 avg=0.00 period=0.00
ship 01-04 A 995 fifo=-0.99 avg=-1.00 period=-1.00
ship 01-05 A 1 fifo=0.00/1 avg=0.00/1 period=0.00`,
	"a gift: a batch that cost nothing": `
batch 1 A 01-01 5 0.00USD
ship 01-02 A 2 all=0.00
stock 01-31 fifo=A:3:0.00 avg=A:3:0.00 period=A:3:0.00`,
	"two batches, the oldest first": `
batch 1 A 01-01 10 20.00USD
batch 2 A 01-10 10 30.00USD
ship 01-05 A 4 fifo=-8.00 avg=-8.00 period=-8.00
ship 01-12 A 8 fifo=-18.00 avg=-21.00 period=-24.00
stock 01-31 fifo=A:8:24.00 avg=A:8:21.00 period=A:8:24.00`,
	"the batches are entered in the wrong order": `
batch 2 A 01-10 10 30.00USD
batch 1 A 01-01 10 20.00USD
ship 01-12 A 10 fifo=-20.00 avg=-25.00`,
	"two batches of one day, as entered": `
batch 1 A 01-01 2 2.00USD
batch 2 A 01-01 2 6.00USD
ship 01-01 A 3 fifo=-5.00 avg=-6.00 period=-9.00`,
	"goods can be sold on the day they were bought": `
batch 1 A 01-05 5 10.00USD
ship 01-04 A 1 all=0.00/1
ship 01-05 A 1 all=-2.00`,
	"sold before it was bought: not covered, and the batch stays whole": `
batch 1 A 01-10 5 10.00USD
ship 01-05 A 2 all=0.00/2
stock 01-31 fifo=A:5:10.00 avg=A:5:10.00 period=A:5:10.00`,
	"more sold than bought: the rest is not covered, by period it has the cost of the day": `
batch 1 A 01-01 3 9.00USD
ship 01-02 A 5 fifo=-9.00/2 avg=-9.00/2 period=-15.00
stock 01-31 fifo= avg= period=`,
	"after a gap the next batch covers again": `
batch 1 A 01-01 1 3.00USD
batch 2 A 02-01 2 8.00USD
ship 01-02 A 2 fifo=-3.00/1 avg=-3.00/1
ship 02-02 A 1 fifo=-4.00 avg=-4.00 period=-4.00
stock 02-28 fifo=A:1:4.00 avg=A:1:4.00 period=A:1:4.00`,
	"average over three purchases": `
batch 1 A 01-01 100 200.00USD
batch 2 A 02-01 50 130.00USD
batch 3 A 03-01 50 95.00USD
ship 01-15 A 60 avg=-120.00 fifo=-120.00
ship 02-15 A 30 avg=-70.00 fifo=-60.00
ship 03-15 A 110 avg=-235.00 fifo=-245.00`,
	"the last unit takes what rounding left": `
batch 1 A 01-01 3 1.00USD
ship 01-02 A 1 avg=-0.33
ship 01-03 A 1 avg=-0.34
ship 01-04 A 1 avg=-0.33`,

	"a sellable return takes back the cost of its own sale": `
batch 1 A 01-01 1 2.00USD
batch 2 A 01-02 1 5.00USD
ship 01-03 A 1 order=O1 fifo=-2.00 avg=-3.50 period=-5.00
ship 01-04 A 1 order=O2 fifo=-5.00 avg=-3.50 period=-5.00
return 01-05 A 1 order=O1 fifo=2.00 avg=3.50 period=5.00
ship 01-06 A 1 order=O3 fifo=-2.00 avg=-3.50 period=-5.00`,
	"a return goes to the front again": `
batch 1 A 01-01 2 2.00USD
batch 2 A 01-01 2 8.00USD
ship 01-02 A 3 order=O1 fifo=-6.00 avg=-7.50
return 01-03 A 1 order=O1 fifo=4.00 avg=2.50
return 01-04 A 2 order=O1 fifo=2.00 avg=5.00
ship 01-05 A 1 order=O2 fifo=-1.00 avg=-2.50
stock 01-31 fifo=A:3:9.00 avg=A:3:7.50 period=A:3:12.00`,
	"more comes back than was sold: the rest has no cost": `
batch 1 A 01-01 5 10.00USD
ship 01-02 A 1 order=O1 all=-2.00
return 01-03 A 2 order=O1 all=2.00
return 01-04 A 1 order=O1 all=0.00
stock 01-31 fifo=A:5:10.00 avg=A:5:10.00 period=A:5:10.00`,
	"a return of an unknown order restores nothing": `
batch 1 A 01-01 5 10.00USD
return 01-03 A 1 order=O9 all=0.00
stock 01-31 fifo=A:5:10.00 avg=A:5:10.00 period=A:5:10.00`,
	"a return of a unit without a cost has none either": `
batch 1 A 02-01 5 10.00USD
ship 01-02 A 1 order=O1 all=0.00/1
return 01-20 A 1 order=O1 all=0.00/1`,
	"part of an order comes back, cent by cent": `
batch 1 A 01-01 3 10.00USD
ship 01-02 A 3 order=O1 all=-10.00
return 01-03 A 1 order=O1 fifo=3.33 avg=3.33 period=3.33
return 01-04 A 1 order=O1 fifo=3.34 avg=3.33 period=3.33
return 01-05 A 1 order=O1 fifo=3.33 avg=3.34 period=3.34
stock 01-31 fifo=A:3:10.00 avg=A:3:10.00 period=A:3:10.00`,
	"the average after a return at its old cost": `
batch 1 A 01-01 10 10.00USD
ship 01-02 A 10 order=O1 avg=-10.00
batch 2 A 01-03 10 30.00USD
return 01-04 A 10 order=O1 avg=10.00
ship 01-05 A 10 order=O2 avg=-20.00 fifo=-10.00`,

	"what was lost is written off, what is found again takes it back": `
batch 1 A 01-01 2 4.00USD
batch 2 A 01-02 2 10.00USD
lost 01-03 A 3 fifo=-9.00 avg=-10.50 period=-15.00
found 01-05 A 1 fifo=5.00 avg=3.50 period=5.00
found 01-06 A 2 fifo=4.00 avg=7.00 period=10.00
ship 01-07 A 4 fifo=-14.00 avg=-14.00 period=-20.00`,
	"found without a write-off changes nothing": `
batch 1 A 01-01 2 4.00USD
found 01-05 A 1 all=0.00
stock 01-31 fifo=A:2:4.00 avg=A:2:4.00 period=A:2:4.00`,
	"lost before anything was bought": `
batch 1 A 02-01 2 4.00USD
lost 01-03 A 1 all=0.00/1
found 01-04 A 1 all=0.00`,

	"a multipack takes three of the single": `
batch 1 A 01-01 10 10.00USD
batch 2 A 01-02 10 20.00USD
kit A3 Ax3
ship 01-05 A3 2 fifo=-6.00 avg=-9.00 period=-12.00
ship 01-06 A 5 fifo=-6.00 avg=-7.50 period=-10.00
stock 01-31 fifo=A:9:18.00 avg=A:9:13.50 period=A:9:18.00`,
	"a kit of two products": `
batch 1 A 01-01 10 15.00USD
batch 2 B 01-01 4 10.00USD
kit SET Ax2 Bx1
ship 01-05 SET 2 order=O1 all=-11.00
return 01-06 SET 1 order=O1 all=5.50
stock 01-31 fifo=A:8:12.00+B:3:7.50 avg=A:8:12.00+B:3:7.50 period=A:8:12.00+B:3:7.50`,
	"a kit with a part missing is not covered": `
batch 1 A 01-01 10 15.00USD
batch 2 B 01-01 1 2.50USD
kit SET Ax2 Bx1
ship 01-05 SET 2 fifo=-8.50/1 avg=-8.50/1 period=-11.00`,
	"half of a multipack is a whole one without cost": `
batch 1 A 01-01 4 4.00USD
kit A3 Ax3
ship 01-05 A3 2 fifo=-4.00/1 avg=-4.00/1 period=-6.00`,
	"a part with a typed unit cost": `
batch 1 A 01-01 10 10.00USD
unit BOX 0.35 0.00USD
kit SET Ax1 BOXx1
ship 01-05 SET 3 all=-4.05`,
	"by period a kit's own unit cost goes before its parts": `
batch 1 A 01-01 10 10.00USD
unit A3 2.50 0.00USD
kit A3 Ax3
ship 01-05 A3 1 fifo=-3.00 avg=-3.00 period=-2.50`,

	"unit costs alone count with every method": `
unit A 2.345 0.00USD
unit A 2.50 0.00USD from=02-01
ship 01-05 A 3 all=-7.04
ship 02-05 A 3 all=-7.50`,
	"a typed unit cost by period goes before the batches": `
batch 1 A 01-01 10 10.00USD
unit A 1.20 0.00USD
ship 01-05 A 5 fifo=-5.00 avg=-5.00 period=-6.00
stock 01-31 fifo=A:5:5.00 avg=A:5:5.00 period=A:5:6.00`,

	"a batch for one marketplace": `
batch 1 A 01-01 5 10.00USD
batch 2 A 01-02 5 15.00USD for=DE
ship 01-05 A 2 at=DE fifo=-6.00 avg=-6.00 period=-6.00
ship 01-06 A 4 at=US fifo=-8.00 avg=-8.00 period=-8.00
ship 01-07 A 4 at=DE fifo=-11.00 avg=-11.00 period=-12.00
ship 01-08 A 1 at=US fifo=0.00/1 avg=0.00/1 period=-2.00`,

	// 100.00 CNY at 0.1385 = 13.85 USD fixed on the day of purchase.
	"bought in yuan, fixed in dollars": `
batch 1 A 01-01 10 100.00CNY fixed=13.85USD
ship 01-05 A 1 fifo=-1.39 avg=-1.39 period=-1.39
ship 01-06 A 9 fifo=-12.46 avg=-12.46 period=-12.47`,
	"sold in the currency it was paid in: no rate is needed": `
batch 1 A 01-01 10 20.00USD fixed=18.00EUR
ship 01-05 A 5 cur=USD all=-10.00
ship 01-06 A 5 cur=EUR all=-9.00`,
	// 1.80 EUR at 160 = 288 yen; on the 10th nothing is known within a week.
	"sold in a third currency: the rate of the day": `
batch 1 A 01-01 10 20.00USD fixed=18.00EUR
rate 01-02 EUR JPY 160
ship 01-04 A 1 cur=JPY all=-288
ship 01-10 A 1 cur=JPY all=0/1`,
	"an average over two currencies is in the book's own": `
batch 1 A 01-01 10 10.00EUR
batch 2 A 01-02 10 100.00CNY fixed=13.00EUR
ship 01-05 A 10 cur=EUR fifo=-10.00 avg=-11.50 period=-13.00
ship 01-06 A 10 cur=EUR fifo=-13.00 avg=-11.50 period=-13.00`,
}
